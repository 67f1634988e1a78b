using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Export.Tests.Fixtures.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Every operator set there is to choose.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OpsetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>The operators whose form differs between sets: reductions, pads, slices, a norm alone, Resize, Clip.</summary>
    private static Lambda Network()
    {
        var (conv, norm) = (Conv2d(3, 4, 3), BatchNorm2d(4));
        return new Lambda(x =>
        {
            var parts = norm.call(conv.call(x.pad(1, 1, 1, 1, 0.5)).relu()).upsample_nearest2d(2).chunk(2, 1);
            var sums = parts[0].sum([2L], true) + parts[0].mean([2L], true) + parts[0].amax([2L], true);
            return (sums * parts[1]).clamp(-2, 2).avg_pool2d(2).unsqueeze(1).squeeze(1).softmax(1);
        }, conv, norm).Ready();
    }

    [Test]
    public void ExportedFile_GivesTheModulesOutput([Range(15, 21)] int opset,
        [Values(Precision.Float32, Precision.Float16)] Precision precision)
    {
        using var noGrad = no_grad();
        var module = Network();

        var result = OnnxExporter.Export(module, zeros([1, 3, 6, 5]), _folder["m.onnx"], new() { Opset = opset, Precision = precision });

        Assert.That((result.Opset, OnnxFile.Read(_folder["m.onnx"]).OpsetImport.Single().Version), Is.EqualTo((opset, (long)opset)));
        var input = Modules.Draw([3, 3, 6, 5], 2);
        var (expected, actual) = (module.call(input), OnnxFile.Run(_folder["m.onnx"], input).Single());
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(precision == Precision.Float16 ? 1e-2 : 1e-5));
    }

    [Test]
    public void ExportingTwice_GivesTheSameBytes([Values(15, 17, 21)] int opset,
        [Values(Precision.Float32, Precision.Float16)] Precision precision, [Values] bool byteImages)
    {
        var options = new OnnxExportOptions { Opset = opset, Precision = precision, ByteImages = byteImages };
        var module = Network();

        OnnxExporter.Export(module, zeros([1, 3, 6, 5]), _folder["one.onnx"], options);
        OnnxExporter.Export(module, Modules.Draw([2, 3, 6, 5], 1), _folder["two.onnx"], options);

        Assert.That(File.ReadAllBytes(_folder["two.onnx"]), Is.EqualTo(File.ReadAllBytes(_folder["one.onnx"])));
    }
}
