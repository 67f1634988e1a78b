using GanOnnx.Training.Monitoring;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Monitoring;

/// <summary>What tells that images made of images are wrong, and what is told of it.</summary>
public sealed class TranslationFiguresTests
{
    private const int Size = 64;

    [Test]
    public void A_good_translation_has_ordinary_figures()
    {
        using var scope = NewDisposeScope();
        var (inputs, real) = (Smooth(1), Smooth(2));
        var figures = Measure(inputs, real * 0.9f + Smooth(3) * 0.1f, real);
        Assert.That(figures["change of the input"], Is.EqualTo(1).Within(0.1));
        Assert.That(figures["difference of the outputs"], Is.EqualTo(0.9).Within(0.1));
        Assert.That(figures["correlation"], Is.GreaterThan(0.9));
        Assert.That(figures["checkerboard"], Is.LessThan(2));
    }

    [Test]
    public void An_input_that_is_given_back_changes_by_nothing()
    {
        using var scope = NewDisposeScope();
        Assert.That(Measure(Smooth(1), Smooth(1), Smooth(2))["change of the input"], Is.Zero);
    }

    [Test]
    public void Outputs_that_are_one_do_not_differ()
    {
        using var scope = NewDisposeScope();
        Assert.That(Measure(Smooth(1), Smooth(2).narrow(0, 0, 1).expand(4, 3, Size, Size), Smooth(2))["difference of the outputs"],
            Is.Zero.Within(1e-6));
    }

    [Test]
    public void Light_and_dark_exchanged_correlate_the_other_way()
    {
        using var scope = NewDisposeScope();
        Assert.That(Measure(Smooth(1), -Smooth(1), Smooth(2), paired: false)["correlation"], Is.EqualTo(-1).Within(1e-3));
        Assert.That(Measure(Smooth(1), -Smooth(2), Smooth(2), paired: true)["correlation"], Is.EqualTo(-1).Within(1e-3));
    }

    [TestCase(2)]
    [TestCase(4)]
    public void A_checkerboard_has_many_times_the_power_of_real_images(int period)
    {
        using var scope = NewDisposeScope();
        var wave = arange(Size).remainder(period).lt(period / 2).to(float32) * 0.2f - 0.1f;
        var real = Smooth(2) + Noise(4) * 0.02f;
        var checks = wave.unsqueeze(0) * wave.unsqueeze(1) * 10;
        Assert.That(Measure(Smooth(1), real + checks, real)["checkerboard"], Is.GreaterThan(20));
        Assert.That(Measure(Smooth(1), real + checks, real + checks)["checkerboard"], Is.EqualTo(1).Within(0.01),
            "what real images have as well is none");
    }

    // CycleGAN: one way returns what it gets.
    [Test]
    public void Of_two_directions_the_worse_is_told()
    {
        using var scope = NewDisposeScope();
        using var measurements = new Measurements(CPU);
        TranslationFigures.Measure(measurements, [(Smooth(1), Smooth(3), Smooth(2)), (Smooth(2), Smooth(2), Smooth(1))], paired: false);
        Assert.That(measurements.Read()[TranslationFigures.Change], Is.Zero);
    }

    [TestCase("change of the input", 0.01, "Input returned")]
    [TestCase("difference of the outputs", 0.05, "Outputs alike")]
    [TestCase("correlation", -0.8, "Inverted")]
    [TestCase("checkerboard", 30, "Checkerboard")]
    public void What_lasts_is_told_early_and_what_passes_is_not(string figure, double wrong, string head)
    {
        var ordinary = figure == "correlation" ? 0.5 : 0.8;
        Assert.That(Told(i => i < 5 ? wrong : ordinary), Is.Empty, "the beginning");
        Assert.That(Told(i => i % 3 == 0 ? ordinary : wrong), Is.Empty, "now and then");
        Assert.That(Told(_ => wrong), Is.EqualTo([(5, head)]), "from the sixth tick on");

        (int, string)[] Told(Func<int, double> value)
        {
            var health = new TrainingHealth(0.4);
            return
            [
                .. Enumerable.Range(0, 9).SelectMany(i => health.Examine(new Tick(i, 1000 * (i + 1),
                    new Dictionary<Figure, double> { [Figure.Extra(figure)] = value(i) }, []))
                        .Select(told => (i, told.Split(':')[0]))),
            ];
        }
    }

    private static Dictionary<string, double> Measure(Tensor inputs, Tensor outputs, Tensor real, bool paired = true)
    {
        using var measurements = new Measurements(CPU);
        TranslationFigures.Measure(measurements, [(inputs, outputs, real)], paired);
        return measurements.Read().ToDictionary(figure => figure.Key.Name, figure => figure.Value);
    }

    // Like photographs, in that neighbours are alike.
    private static Tensor Smooth(int seed) => nn.functional.interpolate(Noise(seed, 8), [Size, Size], mode: InterpolationMode.Bilinear);

    private static Tensor Noise(int seed, int size = Size)
    {
        random.manual_seed(seed);
        return rand(4, 3, size, size) * 2 - 1;
    }
}
