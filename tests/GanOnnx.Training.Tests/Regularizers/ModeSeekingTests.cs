using GanOnnx.Training.Regularizers;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Regularizers;

public sealed class ModeSeekingTests
{
    [TestCase(2.0, 0.5)]
    [TestCase(0.1, 10)]
    public void Penalty_is_how_much_less_images_differ_than_latents(double slope, double expected)
    {
        using var scope = NewDisposeScope();
        var batch = new GeneratorBatch(4, 12, CPU, latents => (latents * slope).reshape(-1, 3, 2, 2));

        Assert.That(new ModeSeeking().Penalty(batch).item<float>(), Is.EqualTo(expected).Within(1e-4 * expected));
    }

    [Test]
    public void Penalty_of_equal_images_is_finite()
    {
        using var scope = NewDisposeScope();
        var weight = zeros(12, requires_grad: true);
        var batch = new GeneratorBatch(4, 12, CPU, latents => (latents * weight).reshape(-1, 3, 2, 2));
        var penalty = new ModeSeeking().Penalty(batch);
        penalty.backward();

        Assert.That(penalty.item<float>(), Is.InRange(500, 2000));
        Assert.That(weight.grad!.isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void A_generator_that_ignored_latents_learns_to_use_them()
    {
        using var scope = NewDisposeScope();
        var (weight, other) = (full(12, 0.01f, requires_grad: true), ones(12));
        for (var step = 0; step < 20; step++)
        {
            using var inner = NewDisposeScope();
            var batch = new GeneratorBatch(4, 12, CPU, latents => (latents * weight + other).reshape(-1, 3, 2, 2));
            new ModeSeeking().Penalty(batch).backward();
            using (no_grad())
                weight.sub_(weight.grad! * 1e-5);
            weight.grad!.zero_();
        }

        Assert.That(weight.abs().mean().item<float>(), Is.GreaterThan(0.015f));
    }
}
