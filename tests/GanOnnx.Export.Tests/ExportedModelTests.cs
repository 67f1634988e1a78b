using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>What is in the file, and what an export leaves alone.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ExportedModelTests : IDisposable
{
    private static readonly string[] Supported =
    [
        "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
        "AlphaDropout", "AvgPool1d", "AvgPool2d", "AvgPool3d", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d",
        "Bilinear", "CELU", "ChannelShuffle", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "Conv1d", "Conv2d",
        "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "CosineSimilarity", "Dropout", "Dropout1d",
        "Dropout2d", "Dropout3d", "ELU", "Embedding", "EmbeddingBag", "FeatureAlphaDropout", "Flatten", "Fold",
        "GELU", "GLU", "GRU", "GRUCell", "GroupNorm", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh",
        "Identity", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LPPool1d", "LPPool2d", "LSTM", "LSTMCell",
        "LayerNorm", "LeakyReLU", "Linear", "LocalResponseNorm", "LogSigmoid", "LogSoftmax", "MaxPool1d", "MaxPool2d",
        "MaxPool3d", "Mish", "MultiheadAttention", "PReLU", "PairwiseDistance", "PixelShuffle", "PixelUnshuffle",
        "RNN", "RNNCell", "RReLU", "ReLU", "ReLU6", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d",
        "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d", "SELU", "Sequential", "SiLU", "Sigmoid",
        "Softmax", "Softmax2d", "Softmin", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold",
        "Transformer", "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder",
        "TransformerEncoderLayer", "Unflatten", "Unfold", "Upsample", "ZeroPad2d",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Graph_OfAGenerator_IsAsExpected()
    {
        using var generator = Modules.Generator();

        OnnxExporter.Export(generator, zeros([1, 5]), _folder["g.onnx"], new()
        {
            InputNames = ["z"],
            OutputNames = ["image"],
            Metadata = [new("gan.schema", "1"), new("gan.architecture", "dcgan")],
        });

        Golden.AssertSame("generator", _folder["g.onnx"]);
    }

    [Test]
    public void Names_ComeFromTheModulesTree()
    {
        using var module = Sequential(("body", Sequential(("conv", Conv2d(1, 2, 3)), ("act", ReLU()))), ("flat", nn.Flatten())).Ready();

        OnnxExporter.Export(module, zeros([1, 1, 4, 4]), _folder["m.onnx"]);

        var graph = OnnxFile.Read(_folder["m.onnx"]).Graph;
        Assert.That(graph.Node.Select(n => n.Name), Is.EqualTo(new[] { "body.conv", "body.act", "flat" }));
        Assert.That(graph.Node.Select(n => n.Output.Single()), Is.EqualTo(new[] { "body.conv", "body.act", "output" }));
        Assert.That(graph.Initializer.Select(i => i.Name), Is.EqualTo(new[] { "body.conv.weight", "body.conv.bias", "flat.shape" }));
        Assert.That((graph.Input.Single().Name, graph.Output.Single().Name), Is.EqualTo(("input", "output")));
    }

    [Test]
    public void Names_OfAModuleThatIsTheRoot_AreItsType()
    {
        using var module = Linear(2, 1).Ready();

        OnnxExporter.Export(module, zeros([1, 2]), _folder["m.onnx"], new() { InputNames = ["x"], OutputNames = ["y"] });

        var graph = OnnxFile.Read(_folder["m.onnx"]).Graph;
        Assert.That(graph.Initializer.Select(i => i.Name).Append(graph.Node.Single().Name),
            Is.EqualTo(new[] { "weight", "bias", "Linear" }));
        Assert.That((graph.Input.Single().Name, graph.Output.Single().Name), Is.EqualTo(("x", "y")));
    }

    [Test]
    public void Initializers_HoldTheWeightsInFull()
    {
        using var module = Linear(3, 2, hasBias: false).Ready();

        OnnxExporter.Export(module, zeros([1, 3]), _folder["m.onnx"]);

        var weight = OnnxFile.Read(_folder["m.onnx"]).Graph.Initializer.Single();
        Assert.That(weight.RawData.ToByteArray(), Is.EqualTo(module.weight.bytes.ToArray()));
    }

    [Test]
    public void Metadata_IsWrittenInItsOrder()
    {
        using var module = ReLU().Ready();
        KeyValuePair<string, string>[] metadata = [new("gan.z", "last letter, first"), new("gan.a", "ü €"), new("gan.empty", "")];

        OnnxExporter.Export(module, zeros([1, 2]), _folder["m.onnx"], new() { Metadata = metadata });

        Assert.That(OnnxFile.Read(_folder["m.onnx"]).MetadataProps.Select(e => KeyValuePair.Create(e.Key, e.Value)), Is.EqualTo(metadata));
    }

    [Test]
    public void Result_TellsWhatWasWritten()
    {
        using var generator = Modules.Generator();

        var result = OnnxExporter.Export(generator, zeros([1, 5]), _folder["g.onnx"],
            new() { DynamicAxes = [DynamicAxis.Batch with { VerifiedSizes = [2, 6] }] });

        Assert.That((result.Path, result.Nodes, result.Opset), Is.EqualTo((_folder["g.onnx"], 7, 17)));
        Assert.That(result.FileSize, Is.EqualTo(new FileInfo(_folder["g.onnx"]).Length));
        Assert.That(result.Differences.Select(d => (d.Output, d.Sizes["N"])), Is.EqualTo(new[] { ("output", 2L), ("output", 6L) }));
        Assert.That(result.Differences.Select(d => d.LargestAbsolute), Is.All.InRange(0, 1e-5));
    }

    [Test]
    public void SupportedTypes_AreListedByName() => Assert.That(OnnxExporter.SupportedTypes, Is.EqualTo(Supported));

    [Test]
    public void Export_IntoAFolderThatIsAbsent_MakesIt()
    {
        using var module = ReLU().Ready();
        var path = Path.Combine(_folder.Path, "a", "b", "m.onnx");

        OnnxExporter.Export(module, zeros([1, 2]), path);

        Assert.That(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo(new[] { path }),
            "no other file is left");
    }

    [Test]
    public void Export_OverAnOlderFile_ReplacesIt()
    {
        using var module = ReLU().Ready();
        File.WriteAllText(_folder["m.onnx"], new string('x', 10_000));

        OnnxExporter.Export(module, zeros([1, 2]), _folder["m.onnx"]);

        Assert.That(OnnxFile.Read(_folder["m.onnx"]).Graph.Node.Single().OpType, Is.EqualTo("Relu"));
    }

    [Test]
    public void Export_WithInPlaceActivations_LeavesTheExampleAlone()
    {
        using var module = ReLU(inplace: true).Ready();
        var example = tensor([-1f, 1], [1, 2]);

        OnnxExporter.Export(module, example, _folder["m.onnx"]);

        Assert.That(example.data<float>().ToArray(), Is.EqualTo(new[] { -1f, 1 }));
    }

    [Test]
    public void Export_LeavesTheModuleAlone()
    {
        using var generator = Modules.Generator();
        var before = Floats(generator);

        OnnxExporter.Export(generator, zeros([1, 5]), _folder["g.onnx"]);

        Assert.That(Floats(generator), Is.EqualTo(before));
        Assert.That(generator.parameters().Select(p => (p.requires_grad, p.grad is null)), Is.All.EqualTo((true, true)));
    }

    [Test]
    public void Export_LeavesNoTensorInTheCallersScope()
    {
        using var generator = Modules.Generator();
        using var scope = NewDisposeScope();
        var example = zeros([1, 5]);

        OnnxExporter.Export(generator, example, _folder["g.onnx"]);

        Assert.That(scope.DisposablesCount, Is.EqualTo(1));
    }

    private static Dictionary<string, float[]> Floats(Module module) =>
        module.state_dict().Where(e => e.Value.dtype == float32).ToDictionary(e => e.Key, e => e.Value.data<float>().ToArray());
}
