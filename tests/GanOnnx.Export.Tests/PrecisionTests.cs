using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Export.Tests.Fixtures.Networks;
using GanOnnx.Onnx;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.TensorProto.Types;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Graphs that compute in float16, and graphs that give bytes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PrecisionTests : IDisposable
{
    private static readonly OnnxExportOptions _half = new() { Precision = Precision.Float16 };

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private GraphProto Export(Module module, Tensor example, OnnxExportOptions? options = null)
    {
        OnnxExporter.Export(module, example, _folder["m.onnx"], options ?? _half);
        return OnnxFile.Read(_folder["m.onnx"]).Graph;
    }

    private static Lambda Traced(Func<TracedTensor, TracedTensor> forward, params Module[] parts) => new Lambda(forward, parts).Ready();

    private static string[] Operators(GraphProto graph) => [.. graph.Node.Select(n => n.OpType)];

    [Test]
    public void Generator_ComputesInFloat16_BetweenTwoCasts()
    {
        var graph = Export(Modules.Generator(), zeros([1, 5]));

        Assert.That(Operators(graph), Is.EqualTo(
            new[] { "Cast", "Gemm", "Reshape", "Relu", "ConvTranspose", "Relu", "ConvTranspose", "Tanh", "Cast" }));
        Assert.That(graph.Initializer.Where(i => i.Name != "reshape.shape").Select(i => (DataType)i.DataType),
            Is.All.EqualTo(DataType.Float16));
        Assert.That(graph.Input.Concat(graph.Output).Select(v => (DataType)v.Type.TensorType.ElemType), Is.All.EqualTo(DataType.Float));
        Assert.That((graph.Input[0].Name, graph.Output[0].Name), Is.EqualTo(("input", "output")));
    }

    private static IEnumerable<TestCaseData> Islands()
    {
        yield return Of("exponential", x => (x * 0.1).exp(), "Exp");
        yield return Of("softmax", x => x.softmax(1), "Softmax");
        yield return Of("power", x => (x.abs() + 1).pow(1.5), "Pow");
        yield return Of("sum", x => x.sum([2L, 3L], true) + x, "ReduceSum");
        yield return Of("mean", x => x.mean([2L, 3L], true) * x, "ReduceMean");
        yield return Of("root of small values", x => (x.square() * 1e-6 + 1e-8).rsqrt() * 1e-4, "Sqrt", "Reciprocal");
        yield return Of("large values", x => x * 1e5 / 1e5, "Mul", "Div");

        static TestCaseData Of(string name, Func<TracedTensor, TracedTensor> middle, params string[] full) =>
            new TestCaseData(middle, full).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Islands))]
    public void Operator_ThatNeedsFloat32_KeepsItBetweenConvolutionsInFloat16(Func<TracedTensor, TracedTensor> middle, string[] full)
    {
        var (first, second) = (Conv2d(3, 4, 3), Conv2d(4, 3, 3));
        var module = Traced(x => second.call(middle(first.call(x))), first, second);

        var graph = Export(module, Modules.Draw([1, 3, 8, 8], 1));

        Assert.That(graph.Node.Where(n => full.Contains(n.OpType)).Select(n => IsHalf(graph, n)), Is.All.False, "the island");
        Assert.That(graph.Node.Where(n => n.OpType == "Conv").Select(n => IsHalf(graph, n)), Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public void Weight_ThatFloat16CannotHold_KeepsItsLayerInFloat32()
    {
        var (first, second) = (Linear(4, 4), Linear(4, 4));
        var module = Sequential(first, Tanh(), second).Ready();
        using (no_grad())
            first.weight.mul_(1e6);

        var graph = Export(module, Modules.Draw([1, 4], 1) * 1e-3);

        Assert.That(graph.Node.Where(n => n.OpType == "Gemm").Select(n => IsHalf(graph, n)), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void NodesBetweenIslands_JoinThem()
    {
        var module = Traced(x => x.exp().relu().softmax(1).clamp(0.1).log());

        var graph = Export(module, Modules.Draw([1, 8], 1));

        Assert.That(Operators(graph), Is.EqualTo(new[] { "Exp", "Relu", "Softmax", "Clip", "Log" }));
    }

    [Test]
    public void Value_ThatSeveralUse_IsCastOnce()
    {
        var (first, second) = (Linear(64, 64), Linear(64, 64));
        var module = Traced(x => first.call(x) + second.call(x), first, second);

        var graph = Export(module, Modules.Draw([1, 64], 1));

        Assert.That(Operators(graph), Is.EqualTo(new[] { "Cast", "Gemm", "Gemm", "Add", "Cast" }));
    }

    [Test]
    public void Output_ThatIsUsedFurther_IsCastForTheOutputAlone()
    {
        var (first, second) = (Linear(64, 64), Linear(64, 64));
        var module = new TwoOutputs(first, second).Ready();

        OnnxExporter.Export(module, Modules.Draw([1, 64], 1), _folder["m.onnx"], _half);

        Assert.That(OnnxFile.Operators(_folder["m.onnx"]), Is.EqualTo(new[] { "Cast", "Gemm", "Cast", "Gemm", "Cast" }));
    }

    private sealed class TwoOutputs(Linear first, Linear second) : TracedModuleMany("TwoOutputs")
    {
        public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs)
        {
            var hidden = first.call(inputs[0]);
            return [hidden, second.call(hidden)];
        }
    }

    [Test]
    public void Integers_AreNoNumbersToRound()
    {
        var (image, label) = (Modules.Draw([2, 1, 8, 8], 1), tensor(new long[] { 0, 4 }));

        OnnxExporter.Export(new ProjectionDiscriminator().Ready(), [image, label], _folder["m.onnx"], _half);

        var graph = OnnxFile.Read(_folder["m.onnx"]).Graph;
        Assert.That((DataType)graph.Input[1].Type.TensorType.ElemType, Is.EqualTo(DataType.Int64));
        Assert.That(graph.Node.Where(n => n.OpType == "Cast").Select(n => n.Input[0]), Has.None.EqualTo("input_1"));
    }

    [Test]
    public void File_InFloat16_IsHalfAsLarge()
    {
        var module = Linear(256, 256).Ready();

        var full = OnnxExporter.Export(module, zeros([1, 256]), _folder["full.onnx"]);
        var half = OnnxExporter.Export(module, zeros([1, 256]), _folder["half.onnx"], _half);

        Assert.That(half.FileSize, Is.EqualTo(full.FileSize / 2).Within(1000));
    }

    [TestCase(Precision.Float32)]
    [TestCase(Precision.Float16)]
    public void ByteImages_AreTheModulesImages_ChannelsLast(Precision precision)
    {
        using var noGrad = no_grad();
        var generator = Modules.Generator();

        var graph = Export(generator, zeros([1, 5]), new() { ByteImages = true, Precision = precision, OutputNames = ["image"] });

        Assert.That(Operators(graph)[^5..], Is.EqualTo(new[] { "Mul", "Add", "Clip", "Cast", "Transpose" }));
        Assert.That(graph.Output[0].Type.TensorType.Shape.Dim.Select(d => d.HasDimParam ? -1 : d.DimValue),
            Is.EqualTo(new[] { -1L, 16, 16, 3 }));
        var input = Modules.Draw([3, 5], 2);
        var expected = (generator.call(input) * 127.5 + 128).clamp(0, 255).to(uint8).permute(0, 2, 3, 1);
        var actual = OnnxFile.Run(_folder["m.onnx"], input).Single();
        Assert.That((actual.dtype, actual.shape), Is.EqualTo((uint8, new long[] { 3, 16, 16, 3 })));
        Assert.That((actual.to(float32) - expected.to(float32)).abs().max().item<float>(), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void ByteImages_CoverTheWholeRange()
    {
        var module = Traced(x => x.clamp(-1, 1));
        Export(module, zeros([1, 1, 1, 3]), new() { ByteImages = true });

        var bytes = OnnxFile.Run(_folder["m.onnx"], tensor(new[] { -1f, 0, 1 }, [1, 1, 1, 3])).Single();

        Assert.That(bytes.data<byte>().ToArray(), Is.EqualTo(new byte[] { 0, 128, 255 }));
    }

    [Test]
    public void ByteImages_OfWhatIsNoImage_AreRefused()
    {
        Assert.That(() => Export(Linear(2, 2).Ready(), zeros([1, 2]), new() { ByteImages = true }), Throws.TypeOf<ExportException>()
            .With.Message.EqualTo("ByteImages needs a module whose only output is a float32 image of [N, C, H, W]. Export the "
                + "image alone."));
        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
    }

    private static bool IsHalf(GraphProto graph, NodeProto node) =>
        node.Input.Any(i => graph.Initializer.FirstOrDefault(c => c.Name == i)?.DataType == (int)DataType.Float16
            || graph.Node.Any(n => n.OpType == "Cast" && n.Output[0] == i && n.Attribute[0].I == (long)DataType.Float16));
}
