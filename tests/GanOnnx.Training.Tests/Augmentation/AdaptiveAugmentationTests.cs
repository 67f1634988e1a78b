using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Augmentation;

public sealed class AdaptiveAugmentationTests
{
    [Test]
    public void Probability_rises_by_4_batches_over_500_kimg_while_the_discriminator_is_overconfident()
    {
        using var scope = NewDisposeScope();
        using var augmentation = new AdaptiveAugmentation(0.6, CPU);
        // 9 of 10 are called real: r = 0.8.
        Observe(augmentation, 3, real: 9);
        Assert.That(Probability(augmentation), Is.Zero, "before the interval's end");
        Observe(augmentation, 1, real: 9);
        Assert.That(Probability(augmentation), Is.EqualTo(4 * 10 / 500_000.0).Within(1e-9));
        Observe(augmentation, 8, real: 9);
        Assert.That(Probability(augmentation), Is.EqualTo(3 * 4 * 10 / 500_000.0).Within(1e-9));
    }

    [Test]
    public void Probability_falls_below_the_target_but_not_below_0()
    {
        using var scope = NewDisposeScope();
        using var augmentation = new AdaptiveAugmentation(0.6, CPU);
        Set(augmentation, 6e-5f);
        // 7 of 10: r = 0.4.
        Observe(augmentation, 4, real: 7);
        Assert.That(Probability(augmentation), Is.Zero);
    }

    [Test]
    public void Probability_stays_at_1()
    {
        using var scope = NewDisposeScope();
        using var augmentation = new AdaptiveAugmentation(0.6, CPU);
        Set(augmentation, 1);
        Observe(augmentation, 4, real: 10);
        Assert.That(Probability(augmentation), Is.EqualTo(1));
    }

    [Test]
    public void The_interval_counts_as_a_whole()
    {
        using var scope = NewDisposeScope();
        using var augmentation = new AdaptiveAugmentation(0.6, CPU);
        Set(augmentation, 0.5f);
        // r = (1 + 1 + 1 − 1) / 4 = 0.5, though three steps of four are above the target.
        Observe(augmentation, 3, real: 10);
        Observe(augmentation, 1, real: 0);
        Assert.That(Probability(augmentation), Is.EqualTo(0.5 - 8e-5).Within(1e-7));
    }

    [Test]
    public void Restored_state_continues_within_an_interval()
    {
        using var scope = NewDisposeScope();
        using var first = new AdaptiveAugmentation(0.6, CPU);
        using var second = new AdaptiveAugmentation(0.6, CPU);
        Observe(first, 6, real: 10);
        foreach (var ((name, target), (sourceName, source)) in second.State.Zip(first.State))
        {
            Assert.That(name, Is.EqualTo(sourceName));
            target.copy_(source);
        }
        foreach (var augmentation in new[] { first, second })
            Observe(augmentation, 2, real: 9);
        Assert.That(Probability(second), Is.EqualTo(Probability(first)).And.EqualTo(2 * 8e-5).Within(1e-9));
    }

    [Test]
    public void State_outlives_scopes()
    {
        AdaptiveAugmentation augmentation;
        using (NewDisposeScope())
        {
            augmentation = new AdaptiveAugmentation(0.6, CPU);
            Observe(augmentation, 4, real: 10);
        }
        Assert.That(Probability(augmentation), Is.GreaterThan(0));
        augmentation.Dispose();
    }

    [Test]
    public void Images_stay_with_probability_0()
    {
        using var scope = NewDisposeScope();
        using var augmentation = new AdaptiveAugmentation(0.6, CPU);
        var images = Waves.Wave([4, 3, 16, 16], 1);
        // The resampling's positions are rounded: a part of some 1e-6 of a pixel.
        Assert.That(Waves.Doubles(augmentation.Apply(images, 0)), Is.EqualTo(Waves.Doubles(images)).Within(1e-5));
    }

    [Test]
    public void The_share_of_changed_images_is_the_probability()
    {
        using var scope = NewDisposeScope();
        using var augmentation = new AdaptiveAugmentation(0.6, CPU);
        Set(augmentation, 0.3f);
        manual_seed(1);
        // On a mid-grey image only brightness shows. σ of the share of 4000 is 0.007; 4 σ.
        var changed = augmentation.Apply(zeros(4000, 1, 4, 4), 0).abs().amax(1, 2, 3).gt(0f).to(float32).mean().item<float>();
        Assert.That(changed, Is.EqualTo(0.3).Within(0.029));
    }

    [Test]
    public void Brightness_contrast_and_saturation_have_the_papers_deviations()
    {
        using var scope = NewDisposeScope();
        // Of one colour, so that nothing but the colour changes.
        Tensor Augmented(float red, float blue)
        {
            manual_seed(1);
            return AugmentationPipeline.Apply(tensor([red, 0, blue], [1, 3, 1, 1]).repeat(4000, 1, 4, 4), tensor(1f)).mean([2, 3]);
        }
        var (dark, grey, coloured) = (Augmented(0, 0).mean([1]), Augmented(1, 1).mean([1]), Augmented(1, -1));
        // Grey 0 becomes b·c, and the mean 2/3 of (1, 0, 1) becomes (2/3 + b)·c.
        var contrast = (grey - dark) * 1.5;
        var saturation = (coloured.select(1, 0) - coloured.select(1, 2)) / 2 / contrast;
        // σ of a deviation of 4000 values is 1.1 % of it; 4 σ.
        Assert.Multiple(() =>
        {
            Assert.That((dark / contrast).std().item<float>(), Is.EqualTo(0.2).Within(0.009));
            Assert.That((contrast.log() / Math.Log(2)).std().item<float>(), Is.EqualTo(0.5).Within(0.022));
            Assert.That((saturation.log() / Math.Log(2)).std().item<float>(), Is.EqualTo(1).Within(0.045));
        });
    }

    [Test]
    public void A_quarter_turn_moves_pixels_exactly()
    {
        using var scope = NewDisposeScope();
        var images = Waves.Wave([1, 1, 8, 8], 1);
        var turned = Resample(images, angle: Math.PI / 2);
        // Output (x, y) shows the input at (−y, x).
        Assert.That(Waves.Doubles(turned), Is.EqualTo(Waves.Doubles(images.transpose(2, 3).flip(2))).Within(1e-5));
    }

    [Test]
    public void A_mirrored_image_is_the_flipped_one()
    {
        using var scope = NewDisposeScope();
        var images = Waves.Wave([1, 3, 8, 8], 1);
        Assert.That(Waves.Doubles(Resample(images, mirror: -1)), Is.EqualTo(Waves.Doubles(images.flip(3))).Within(1e-5));
    }

    [Test]
    public void A_shift_by_whole_pixels_moves_them_exactly()
    {
        using var scope = NewDisposeScope();
        var images = Waves.Wave([1, 1, 8, 8], 1);
        // 2 / 8 of the half width is a pixel. The border differs: its outermost pixel is repeated here.
        var shifted = Resample(images, shiftX: 2 / 8.0);
        Assert.That(Waves.Doubles(shifted.narrow(3, 0, 7)), Is.EqualTo(Waves.Doubles(images.narrow(3, 1, 7))).Within(1e-5));
    }

    [Test]
    public void Shrinking_shows_more_than_the_image_by_mirroring()
    {
        using var scope = NewDisposeScope();
        var images = zeros(1, 1, 8, 8);
        images.narrow(2, 2, 4).narrow(3, 2, 4).fill_(1);
        // Half as large: 4 × 4 pixels become 2 × 2 in the middle; four mirror images of it, in parts, at the border.
        var shrunk = Resample(images, shrink: 2);
        Assert.That(shrunk.narrow(2, 2, 4).narrow(3, 2, 4).sum().item<float>(), Is.EqualTo(4).Within(1e-4));
        Assert.That(shrunk.sum().item<float>(), Is.EqualTo(16).Within(1e-4));
    }

    [Test]
    public void Images_that_are_not_square_are_refused()
    {
        using var scope = NewDisposeScope();
        using var augmentation = new AdaptiveAugmentation(0.6, CPU);
        Assert.That(() => augmentation.Apply(zeros(1, 1, 4, 8), 0),
            Throws.ArgumentException.With.Message.StartsWith("Turning needs square images"));
    }

    private static Tensor Resample(Tensor images, double mirror = 1, double angle = 0, double shrink = 1, double shiftX = 0)
    {
        Tensor Value(double value) => tensor([(float)value], [1]);
        return AugmentationPipeline.Resample(images, Value(mirror), Value(angle), Value(shrink), Value(shiftX), Value(0));
    }

    private static void Observe(AdaptiveAugmentation augmentation, int steps, int real)
    {
        for (var step = 0; step < steps; step++)
            augmentation.Observe(cat([ones(real) * 0.2, ones(10 - real) * -7]));
    }

    private static float Probability(AdaptiveAugmentation augmentation) => augmentation.State.First().Value.item<float>();

    private static void Set(AdaptiveAugmentation augmentation, float probability) => augmentation.State.First().Value.fill_(probability);
}
