using GanOnnx.Training.Augmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Augmentation;

/// <summary>Mirroring and shifting move pixels and change none, so everything is exact.</summary>
public sealed class PixelMoveTests
{
    [Test]
    public void Mirror_changes_the_chosen_images_only()
    {
        using var scope = NewDisposeScope();
        var images = tensor([1f, 2, 3, 4, 5, 6], [2, 1, 1, 3]);
        var mirrored = Mirror.Where(images, tensor([true, false], [2, 1, 1, 1]));
        Assert.That(mirrored.data<float>().ToArray(), Is.EqualTo(new float[] { 3, 2, 1, 4, 5, 6 }));
    }

    [Test]
    public void Mirror_half_mirrors_half_of_the_images()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var images = tensor([-1f, 1], [1, 1, 1, 2]).repeat(4000, 1, 1, 1);
        // Mirrored ones have 1 first; 4000 coins deviate by 0.008 (σ) from the half, and by 4 σ not with this seed.
        Assert.That(Mirror.Half(images).select(3, 0).mean().item<float>(), Is.Zero.Within(2 * 4 * 0.008));
    }

    [TestCase(0, 0, "1 2 3 4 5 6 7 8 9")]
    [TestCase(1, 0, "0 0 0 1 2 3 4 5 6")]
    [TestCase(0, -1, "2 3 0 5 6 0 8 9 0")]
    [TestCase(-1, 1, "0 4 5 0 7 8 0 0 0")]
    public void Shift_with_zeros_at_the_border(int rows, int columns, string expected) =>
        Assert.That(Shifted(rows, columns, ShiftBorder.Zeros), Is.EqualTo(expected));

    [TestCase(1, 0, "4 5 6 1 2 3 4 5 6")]
    [TestCase(0, -1, "2 3 2 5 6 5 8 9 8")]
    [TestCase(2, 1, "8 7 8 5 4 5 2 1 2")]
    public void Shift_with_mirrored_pixels_at_the_border(int rows, int columns, string expected) =>
        Assert.That(Shifted(rows, columns, ShiftBorder.Mirrored), Is.EqualTo(expected));

    [Test]
    public void Shift_moves_each_image_by_its_own_offsets_and_all_its_channels()
    {
        using var scope = NewDisposeScope();
        var images = Square().repeat(2, 3, 1, 1);
        var shifted = Shift.By(images, tensor([0f, 1], [2, 1]), tensor([1f, 0], [2, 1]), ShiftBorder.Zeros);
        Assert.That(shifted.select(1, 2).reshape(18).data<float>().ToArray(),
            Is.EqualTo(new float[] { 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public void Offsets_are_whole_and_reach_the_largest_both_ways()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (rows, columns) = Shift.Offsets(zeros(1000, 1, 16, 32), 0.125);
        Assert.Multiple(() =>
        {
            Assert.That(rows.data<float>().ToArray().Distinct().Order(), Is.EqualTo(Enumerable.Range(-2, 5)));
            Assert.That(columns.data<float>().ToArray().Distinct().Order(), Is.EqualTo(Enumerable.Range(-4, 9)));
        });
    }

    private static Tensor Square() => tensor([1f, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);

    private static string Shifted(int rows, int columns, ShiftBorder border)
    {
        using var scope = NewDisposeScope();
        return string.Join(' ', Shift.By(Square(), tensor([(float)rows], [1, 1]), tensor([(float)columns], [1, 1]), border).data<float>()
            .ToArray());
    }
}
