using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Modules whose convolutions compute with bytes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Int8Tests : IDisposable
{
    private static readonly OnnxExportOptions _int8 = new() { Precision = Precision.Int8 };

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private string[] Export(Module module, Tensor example, OnnxExportOptions? options = null)
    {
        OnnxExporter.Export(module, example, _folder["m.onnx"], options ?? _int8);
        return [.. OnnxFile.Read(_folder["m.onnx"]).Graph.Node.Select(node => node.OpType)];
    }

    private static TorchSharp.Modules.Sequential Generator() => Sequential(
        ("project", Linear(5, 16 * 16, hasBias: false)),
        ("reshape", nn.Unflatten(1, [16, 4, 4])),
        ("norm4", BatchNorm2d(16)),
        ("relu4", ReLU()),
        ("up8", ConvTranspose2d(16, 16, 4, 2, 1, bias: false)),
        ("norm8", BatchNorm2d(16)),
        ("relu8", ReLU()),
        ("up16", ConvTranspose2d(16, 3, 4, 2, 1)),
        ("tanh", Tanh())).Ready();

    [Test]
    public void Generator_ComputesWithBytes_WhereLayersMakeEnoughChannels()
    {
        var operators = Export(Generator(), zeros([1, 5]));

        Assert.That(operators.Count(type => type == "QLinearConv"), Is.EqualTo(1));
        Assert.That(operators.Count(type => type == "ConvTranspose"), Is.EqualTo(1));
        Assert.That(operators, Has.None.EqualTo("BatchNormalization").And.None.EqualTo("DepthToSpace"));
    }

    [Test]
    public void ExportingTwice_GivesTheSameBytes([Range(15, 21)] int opset, [Values] bool byteImages)
    {
        var (module, options) = (Generator(), _int8 with { Opset = opset, ByteImages = byteImages });

        OnnxExporter.Export(module, zeros([1, 5]), _folder["one.onnx"], options);
        OnnxExporter.Export(module, Modules.Draw([2, 5], 1), _folder["two.onnx"], options);

        Assert.That(File.ReadAllBytes(_folder["two.onnx"]), Is.EqualTo(File.ReadAllBytes(_folder["one.onnx"])));
    }

    [Test]
    public void Module_OfOpenHeightAndWidth_IsVerifiedAtBothSizes()
    {
        var result = OnnxExporter.Export(Sequential(("down", Conv2d(3, 16, 4, 2, 1)), ("act", LeakyReLU(0.2)), ("up", ConvTranspose2d(16, 16, 4, 2, 1)),
            ("out", Conv2d(16, 3, 3, padding: 1))).Ready(), zeros([1, 3, 16, 16]), _folder["m.onnx"], _int8 with
            {
                DynamicAxes = [DynamicAxis.Batch, new("H", 2), new("W", 3)],
            });

        Assert.That(result.Differences.Select(difference => difference.Sizes["H"]), Is.EqualTo([16, 32]));
        Assert.That(OnnxFile.Read(_folder["m.onnx"]).Graph.Node.Count(node => node.OpType == "QLinearConv"), Is.EqualTo(2));
    }

    [Test]
    public void Calibration_DecidesTheRanges()
    {
        var module = Sequential(("a", Conv2d(4, 16, 3, padding: 1)), ("b", Conv2d(16, 16, 3, padding: 1))).Ready();

        Assert.That(() => Export(module, zeros([1, 4, 8, 8]), _int8 with { Calibration = [[Modules.Draw([4, 4, 8, 8], 1) * 0.01]] }),
            Throws.TypeOf<ExportException>().With.Message.Match(@"^In int8, 'output' is -?\d+\.\d dB from the module's, less than 38, at N = 1, so no file is "
                + @"written\. Export it in float32; "));
        Assert.That(_folder["m.onnx"], Does.Not.Exist);
        Assert.That(Export(module, zeros([1, 4, 8, 8]), _int8 with { MinPsnr = 30 }), Has.Exactly(2).EqualTo("QLinearConv"));
    }

    [Test]
    public void Module_WithoutSuchLayers_IsRefused() =>
        Assert.That(() => Export(Linear(4, 4).Ready(), zeros([1, 4])), Throws.TypeOf<ExportException>().With.Message.StartsWith(
            "The module has no convolution that int8 would make faster: "));

    [Test]
    public void Options_ThatMakeNoSense_AreRefused()
    {
        Assert.That(() => Export(Generator(), zeros([1, 5]), _int8 with { MinPsnr = 0 }),
            Throws.TypeOf<ExportException>().With.Message.EqualTo("The least PSNR is 0 dB; a number above 0 is needed."));
        Assert.That(() => Export(Generator(), zeros([1, 5]), new() { Calibration = [[zeros([1, 5])]] }),
            Throws.TypeOf<ExportException>().With.Message.EqualTo("Calibration is for int8 alone; leave it out, or set Precision.Int8."));
    }
}
