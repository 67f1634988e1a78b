using GanOnnx.Data;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Data;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>Every architecture with every loss, on the digits that the program draws.</summary>
public sealed class GanFamilyTests
{
    private const int Steps = 200;

    private readonly TemporaryFolder _folder = new();
    private ImageDataset _digits = null!;

    [OneTimeSetUp]
    public void DrawDigits() => _digits = ImageDataset.Decode("synthetic:digits", _folder["digits"], 32, null);

    [OneTimeTearDown]
    public void Close()
    {
        _digits.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<TestCaseData> Rows() =>
        from architecture in Architectures.Names
        from loss in GanLosses.Names
        from regularizers in GanLosses.Find(loss)!.NeedsLipschitz ? Bounds(architecture)
            : [architecture == "stylegan2" ? "r1,path-length" : ""]
        select new TestCaseData(architecture, loss, regularizers)
            .SetArgDisplayNames(architecture, loss, regularizers.Length > 0 ? regularizers : "-");

    private static IEnumerable<string> Bounds(string architecture) =>
        GanRegularizers.Names.Where(r =>
            GanRegularizers.Find(r)!.BoundsSlope && (architecture != "stylegan2" || GanRegularizers.Find(r)!.IsPenalty));

    [TestCaseSource(nameof(Rows))]
    public void It_trains_both_players_without_NaN_and_exports(string architecture, string loss, string regularizers)
    {
        var options = Tiny(architecture) with { Loss = loss, Regularizers = regularizers };
        using var trainer = Train(options, Steps);

        var figures = trainer.Measurements.Read();
        Assert.That(figures.Values, Has.All.Matches<double>(double.IsFinite));
        AssertMoved(options, trainer);
        AssertExportsTheSame(trainer);
    }

    [Test]
    public void A_dcgan_of_resize_convolutions_exports()
    {
        using var trainer = Train(Tiny("dcgan") with { Network = new() { ["resizeConvolution"] = 1 } }, steps: 20);
        AssertExportsTheSame(trainer);
    }

    private static IEnumerable<TestCaseData> Conditions() =>
        from architecture in Architectures.Names
        from condition in Architectures.Find(architecture)!.Conditions.Where(condition => condition != Conditioning.Text)
        select new TestCaseData(architecture, condition.ToString().ToLowerInvariant());

    [TestCaseSource(nameof(Conditions))]
    public void It_takes_labels_and_exports(string architecture, string condition)
    {
        using var trainer = Train(Tiny(architecture) with { Condition = condition }, steps: 20);
        AssertExportsTheSame(trainer);
        Assert.That(Distance(trainer, label: 1), Is.GreaterThan(0), "the label changes the image");
    }

    private static TrainingOptions Tiny(string architecture)
    {
        var options = new TrainingOptions
        {
            Architecture = architecture,
            Width = 2,
            LatentSize = 16,
            BatchSize = 4,
            Seed = 3,
            Network = new() { ["mappingLayers"] = 2 }
        };
        options.Validate(); // with the default loss
        return options;
    }

    private NoiseToImageTask Train(TrainingOptions options, int steps)
    {
        options.Validate();
        var trainer = new NoiseToImageTask(options, _digits.Channels, _digits.Classes.Count, CPU);
        using var loader = new BatchLoader(_digits, options);
        for (var step = 0; step < steps; step++)
        {
            using var batch = loader.Load(step);
            trainer.Step(step, [batch]);
        }
        return trainer;
    }

    private void AssertMoved(TrainingOptions options, NoiseToImageTask trainer)
    {
        using var first = new NoiseToImageTask(options, _digits.Channels, _digits.Classes.Count, CPU);
        using var scope = NewDisposeScope();
        foreach (var (before, after) in new (nn.Module, nn.Module)[] { (first.Generator, trainer.Generator),
            (first.Discriminator, trainer.Discriminator) })
        {
            var still = before.named_parameters().Zip(after.parameters())
                .Where(p => (p.First.parameter - p.Second).abs().max().item<float>() == 0).Select(p => p.First.name);
            // The last bias is part of every score: differences of scores have no use for it, and hinge pulls it as much one way
            // as the other while every score lies between -1 and 1.
            string[] useless = options.Loss is "wasserstein" or "relativistic-average" or "relativistic-pairing" or "hinge" ? ["head.score.bias"] : [];
            Assert.That(still.Except(useless), Is.Empty, $"weights of the {after.GetName()} that never moved");
        }

        var bias = trainer.Discriminator.named_parameters().Single(p => p.name == "head.score.bias").parameter.requires_grad_(true);
        var scores = trainer.Discriminator.call(zeros(4, _digits.Channels, options.Size, options.Size), null);
        Assert.That(autograd.grad([scores.sum()], [bias]).Single().item<float>(), Is.EqualTo(4),
            "the last bias is part of each of 4 scores");
    }

    private void AssertExportsTheSame(NoiseToImageTask trainer)
    {
        using var scope = NewDisposeScope();
        var (generator, inputs, path) = (trainer.AveragedGenerator, trainer.AveragedGenerator.Inputs(), _folder[$"{Guid.NewGuid()}.onnx"]);
        var result = OnnxExporter.Export(generator, [.. inputs.Select(i => i.Example)], path, new OnnxExportOptions
        {
            InputNames = [.. inputs.Select(i => i.Name)],
            OutputNames = ["image"],
        });
        // Sums in another order, in float32: the exporter itself accepts 1e-4.
        Assert.That(result.Differences.Max(d => d.LargestAbsolute), Is.LessThan(1e-4));
    }

    // The largest difference between the images that one latent makes of class 0 and of another.
    private static float Distance(NoiseToImageTask trainer, int label)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var latent = ones(1, trainer.Generator.Shape.LatentSize);
        var images = trainer.AveragedGenerator;
        return (images.Generate(latent, zeros(1, ScalarType.Int64)) - images.Generate(latent, full(1, label, ScalarType.Int64))).abs().max(
            ).item<float>();
    }
}
