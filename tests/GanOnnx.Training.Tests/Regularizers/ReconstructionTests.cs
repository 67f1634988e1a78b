using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Regularizers;

public sealed class ReconstructionTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => _scope = NewDisposeScope();

    [TearDown]
    public void Close() => _scope.Dispose();

    [Test]
    public void It_is_the_mean_distance_of_the_whole_and_of_the_quarter_that_was_asked_for()
    {
        HashSet<int> parts = [];
        for (var seed = 0; seed < 40; seed++)
        {
            manual_seed(seed);
            var asked = -1;
            var penalty = new Reconstruction().Penalty(Batch(part =>
            {
                asked = part;
                return (zeros(2, 1, 4, 4), zeros(2, 1, 4, 4));
            }));
            // The quarters have the values 1 to 4: 2.5 in the mean, and that of the part.
            Assert.That(penalty.item<float>(), Is.EqualTo(2.5 + asked + 1).Within(1e-6));
            parts.Add(asked);
        }
        Assert.That(parts, Is.EquivalentTo([0, 1, 2, 3]), "each of them is drawn");
    }

    [Test]
    public void Images_are_averaged_down_to_what_the_decoders_make()
    {
        var checkers = tensor(new[] { 0f, 1f, 1f, 0f }, [1, 1, 2, 2]).repeat(1, 1, 4, 4);
        var batch = new DiscriminatorBatch(images => images.sum([1, 2, 3]), checkers, checkers)
        {
            Reconstruct = _ => (full([1, 1, 4, 4], 0.5f), full([1, 1, 2, 2], 0.25f)),
        };
        Assert.That(new Reconstruction().Penalty(batch).item<float>(), Is.EqualTo(0.25).Within(1e-6), "0 and a quarter");
    }

    [Test]
    public void The_part_is_drawn_from_the_generator_that_steps_and_shards_seed()
    {
        static int[] Parts(long seed)
        {
            manual_seed(seed);
            List<int> parts = [];
            for (var i = 0; i < 20; i++)
                new Reconstruction().Penalty(Batch(part =>
                {
                    parts.Add(part);
                    return (zeros(2, 1, 4, 4), zeros(2, 1, 4, 4));
                }));
            return [.. parts];
        }
        var (first, again, other) = (Parts(11), Parts(11), Parts(12));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void A_discriminator_without_decoders_is_refused() =>
        Assert.That(() => new Reconstruction().Penalty(Batch(null)),
            Throws.ArgumentException.With.Message.StartsWith("Reconstruction needs a discriminator with decoders."));

    private static DiscriminatorBatch Batch(Func<int, (Tensor, Tensor)>? reconstruct)
    {
        var rows = arange(1, 5).to(float32).reshape(1, 1, 2, 2).expand(2, -1, -1, -1);
        var real = nn.functional.interpolate(rows, scale_factor: [4, 4], mode: InterpolationMode.Nearest); // [2, 1, 8, 8]
        return new(images => images.sum([1, 2, 3]), real, real) { Reconstruct = reconstruct };
    }
}
