using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Export.Tests.Fixtures.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Modules with their own forward: skips, sums, weights per sample, two inputs.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CustomModuleTests : IDisposable
{
    private static readonly DynamicAxis[] _openImage =
    [
        DynamicAxis.Batch,
        new("H", 2) { VerifiedSizes = [8, 12] },
        new("W", 3) { VerifiedSizes = [16, 4] },
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>A module, the same in plain TorchSharp, and inputs for a batch size.</summary>
    public sealed record Network(Module Module, Func<Tensor[], Tensor> Traced, Func<Tensor[], Tensor> Plain, Func<long, Tensor[]> Inputs)
    {
        public string Name => Module.GetName();

        public IReadOnlyList<DynamicAxis> Axes { get; init; } = [DynamicAxis.Batch];

        public override string ToString() => Name;
    }

    private static Network Create(string name)
    {
        switch (name)
        {
            case "residual":
                var block = new ResidualBlock(3, 4).Ready();
                return new(block, i => block.call(i[0]), i => block.Plain(i[0]), n => [Modules.Draw([n, 3, 6, 5], 3)]);
            case "unet":
                var unet = new UNet().Ready();
                return new(unet, i => unet.call(i[0]), i => unet.Plain(i[0]), n => [Modules.Draw([n, 3, 8, 16], 3)]) { Axes = _openImage };
            case "style":
                var style = new StyleConvolution().Ready();
                return new(style, i => style.call(i[0], i[1]), i => style.Plain(i[0], i[1]),
                    n => [Modules.Draw([n, 4, 6, 5], 3), Modules.Draw([n, 5], 4)]);
            default:
                var projection = new ProjectionDiscriminator().Ready();
                return new(projection, i => projection.call(i[0], i[1]), i => projection.Plain(i[0], i[1]),
                    n => [Modules.Draw([n, 1, 8, 8], 3), Labels(n)]);
        }
    }

    private static Tensor Labels(long n) => tensor(Enumerable.Range(0, (int)n).Select(i => 3L * i % 5).ToArray());

    private static readonly string[] _names = ["residual", "unet", "style", "projection"];

    [TestCaseSource(nameof(_names))]
    public void ExportedFile_GivesTheModulesOutputAtAnyBatchSize(string name)
    {
        var network = Create(name);
        OnnxExporter.Export(network.Module, network.Inputs(5), _folder["m.onnx"], new() { DynamicAxes = network.Axes });

        foreach (var batch in new long[] { 1, 2, 5, 7 })
            AssertSame(network, network.Inputs(batch), 1e-5);
    }

    [Test]
    public void ExportedUNet_TakesAnyImageSize([Values(4, 12, 32)] long height, [Values(8, 20)] long width)
    {
        var network = Create("unet");
        OnnxExporter.Export(network.Module, network.Inputs(1), _folder["m.onnx"], new() { DynamicAxes = network.Axes });

        AssertSame(network, [Modules.Draw([2, 3, height, width], 5)], 1e-5);
    }

    [TestCaseSource(nameof(_names))]
    public void ExportedFile_InFloat16_IsNearTheModule(string name)
    {
        var network = Create(name);
        OnnxExporter.Export(network.Module, network.Inputs(1), _folder["m.onnx"],
            new() { DynamicAxes = network.Axes, Precision = Precision.Float16 });

        AssertSame(network, network.Inputs(3), 1e-2);
        Assert.That(OnnxFile.Read(_folder["m.onnx"]).Graph.Initializer.Count(i => i.DataType == 10), Is.Positive, "weights in float16");
    }

    [TestCaseSource(nameof(_names))]
    public void Graph_IsAsExpected(string name)
    {
        var network = Create(name);
        OnnxExporter.Export(network.Module, network.Inputs(1), _folder["m.onnx"], new() { DynamicAxes = network.Axes });

        Golden.AssertSame(name, _folder["m.onnx"]);
    }

    // The weights per sample run as one grouped convolution, whose sums have another order.
    [TestCaseSource(nameof(_names))]
    public void ForwardAndGradients_AreThoseOfPlainTorchSharp(string name)
    {
        var network = Create(name);
        var (traced, plain) = (network.Traced(network.Inputs(3)), network.Plain(network.Inputs(3)));

        Near(traced, plain, 1e-6);
        var (tracedGradients, plainGradients) = (Gradients(network.Module, traced), Gradients(network.Module, plain));
        Assert.That(tracedGradients, Is.Not.Empty);
        foreach (var (mine, theirs) in tracedGradients.Zip(plainGradients))
            Near(mine, theirs, 1e-5);
    }

    private static Tensor[] Gradients(Module module, Tensor output)
    {
        module.zero_grad();
        output.square().sum().backward();
        return [.. module.parameters().Select(p => p.grad!.clone())];
    }

    private void AssertSame(Network network, Tensor[] inputs, double tolerance)
    {
        using var noGrad = no_grad();
        Near(OnnxFile.Run(_folder["m.onnx"], inputs).Single(), network.Traced(inputs), tolerance);
    }

    private static void Near(Tensor actual, Tensor expected, double tolerance)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        var largest = expected.abs().max().item<float>();
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(tolerance * largest));
    }
}
