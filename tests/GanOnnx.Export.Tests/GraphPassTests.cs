using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Export.Tests.Fixtures.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>What is merged in a graph, what isn't, and that the numbers stay.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GraphPassTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> create, long[] sample, params string[] operators) =>
        new TestCaseData(create, sample, operators).SetArgDisplayNames(name);

    private static Lambda Traced(Func<TracedTensor, TracedTensor> forward, params Module[] parts) => new(forward, parts);

    private static IEnumerable<TestCaseData> Norms()
    {
        yield return Of("Conv2d", () => Sequential(Conv2d(3, 4, 3), BatchNorm2d(4)), [3, 5, 5], "Conv");
        yield return Of("Conv2d without bias", () => Sequential(Conv2d(3, 4, 3, bias: false), BatchNorm2d(4)), [3, 5, 5], "Conv");
        yield return Of("Conv2d in groups", () => Sequential(Conv2d(4, 6, 3, groups: 2), BatchNorm2d(6)), [4, 5, 5], "Conv");
        yield return Of("Conv2d by channel", () => Sequential(Conv2d(4, 4, 3, groups: 4), BatchNorm2d(4, affine: false)), [4, 5, 5],
            "Conv");
        yield return Of("ConvTranspose2d", () => Sequential(ConvTranspose2d(3, 4, 3), BatchNorm2d(4)), [3, 5, 5], "ConvTranspose");
        yield return Of("ConvTranspose2d without bias", () => Sequential(ConvTranspose2d(4, 2, 4, 2, 1, bias: false), BatchNorm2d(2)),
            [4, 3, 3], "ConvTranspose");
        yield return Of("ConvTranspose2d in groups", () => Sequential(ConvTranspose2d(4, 6, 3, groups: 2), BatchNorm2d(6)), [4, 3, 3],
            "ConvTranspose");
        yield return Of("Linear, unflattened", () => Sequential(Linear(5, 12, hasBias: false), nn.Unflatten(1, [3, 2, 2]), BatchNorm2d(3)),
            [5], "Gemm", "Reshape");
        yield return Of("Linear with bias, unflattened", () => Sequential(Linear(5, 12), nn.Unflatten(1, [3, -1, 2]), BatchNorm2d(3)), [5],
            "Gemm", "Reshape");
        yield return Of("two norms", () => Sequential(Conv2d(3, 4, 3), BatchNorm2d(4), BatchNorm2d(4)), [3, 5, 5], "Conv");
        yield return Of("MatMul, unflattened", () => Product(x => x.reshape(x.shape[0], 3, 2, 2), BatchNorm2d(3)), [5], "Gemm", "Reshape");
    }

    private static Lambda Product(Func<TracedTensor, TracedTensor> between, BatchNorm2d norm)
    {
        var weight = Parameter(Modules.Draw([5, 12], 1));
        return Traced(x => norm.call(between(x.matmul(weight))), norm);
    }

    private static IEnumerable<TestCaseData> Arithmetic()
    {
        yield return Of("times and plus a number", () => AfterConv(x => x * 3 + 0.5), [3, 5, 5], "Conv");
        yield return Of("minus and by a number", () => AfterConv(x => (x - 3) / 0.5), [3, 5, 5], "Conv");
        yield return Of("times a number per channel", () => AfterConv(x => x * Modules.Draw([4, 1, 1], 7)), [3, 5, 5], "Conv");
        yield return Of("plus a number per channel", () => AfterConv(x => x + Modules.Draw([1, 4, 1, 1], 7)), [3, 5, 5], "Conv");
        yield return Of("a number per channel minus", () => AfterConv(x => (TracedTensor)Modules.Draw([4, 1, 1], 7) - x), [3, 5, 5],
            "Conv");
        yield return Of("linear", () => Traced(x => TracedTensor.linear(x, Modules.Draw([3, 5], 7), Modules.Draw([3], 8))), [5], "Gemm");
        yield return Of("linear twice scaled", () => Traced(x => 2 * TracedTensor.linear(x, Modules.Draw([3, 5], 7)) * 3), [5], "MatMul");
    }

    private static Lambda AfterConv(Func<TracedTensor, TracedTensor> after)
    {
        var conv = Conv2d(3, 4, 3);
        return Traced(x => after(conv.call(x)), conv);
    }

    private static IEnumerable<TestCaseData> NotFolded()
    {
        yield return Of("a norm alone", () => Sequential(BatchNorm2d(3)), [3, 4, 4], "BatchNormalization");
        yield return Of("a norm after an activation", () => Sequential(Conv2d(3, 4, 3), ReLU(), BatchNorm2d(4)), [3, 5, 5], "Conv", "Relu",
            "BatchNormalization");
        yield return Of("a norm of what is used elsewhere", UsedElsewhere, [3, 5, 5], "Conv", "BatchNormalization", "Add");
        yield return Of("a number per pixel", () => AfterConv(x => x * Modules.Draw([3, 3], 7)), [3, 5, 5], "Conv", "Mul");
        yield return Of("a number per pixel after one channel", OneChannel, [3, 5, 5], "Conv", "Add");
        yield return Of("channels of another axis",
            () => Product(x => x.reshape(x.shape[0], 3, 4).transpose(1, 2).reshape(-1, 4, 3, 1), BatchNorm2d(4)), [5],
            "MatMul", "Reshape", "Transpose", "Reshape", "BatchNormalization");
        yield return Of("rows that are split", () => Product(x => x.reshape(-1, 3, 2, 1), BatchNorm2d(3)), [5], "MatMul", "Reshape",
            "BatchNormalization");
        yield return Of("a product of three axes", () => Traced(x => x.matmul(Modules.Draw([5, 3], 7)) + Modules.Draw([3], 8)), [2, 5],
            "MatMul", "Add");
    }

    private static Lambda UsedElsewhere()
    {
        var (conv, norm) = (Conv2d(3, 4, 3), BatchNorm2d(4));
        return Traced(x => conv.call(x) is var y ? norm.call(y) + y : x, conv, norm);
    }

    private static Lambda OneChannel()
    {
        var conv = Conv2d(3, 1, 3);
        return Traced(x => conv.call(x) + Modules.Draw([4, 1, 1], 7), conv);
    }

    private static IEnumerable<TestCaseData> Shapes()
    {
        yield return Of("Identity", () => Sequential(Identity(), ReLU(), Identity()), [4], "Relu");
        yield return Of("Identity alone stays, for both names", () => Sequential(Identity()), [4], "Identity");
        yield return Of("reshape of a reshape", () => Sequential(nn.Unflatten(1, [2, 6]), nn.Unflatten(2, [3, 2])), [12], "Reshape");
        yield return Of("reshape and back", () => Sequential(nn.Unflatten(1, [2, 6]), nn.Flatten(), ReLU()), [12], "Relu");
        yield return Of("transpose of a transpose", () => Traced(x => x.permute(0, 2, 3, 1).permute(0, 3, 2, 1)), [2, 3, 4], "Transpose");
        yield return Of("transpose and back", () => Traced(x => x.permute(0, 2, 3, 1).permute(0, 3, 1, 2).relu()), [2, 3, 4], "Relu");
        yield return Of("two new axes", () => Traced(x => x.unsqueeze(1).unsqueeze(-1)), [3], "Unsqueeze");
        yield return Of("a reshape between transposes", () => Traced(x => x.transpose(1, 2).reshape(-1, 3, 2, 2).transpose(2, 3)), [4, 3],
            "Transpose", "Reshape", "Transpose");
        yield return Of("expand to its own shape", () => Traced(x => x.expand(-1, 3).relu()), [3], "Relu");
    }

    private static IEnumerable<TestCaseData> Pads()
    {
        yield return Of("into a convolution", () => Padded(x => x.pad(1, 2, 0, 3), Conv2d(3, 4, 3)), [3, 5, 5], "Conv");
        yield return Of("into a convolution that pads", () => Padded(x => x.pad(1, 2, 0, 3), Conv2d(3, 4, 3, 2, 1)), [3, 5, 5], "Conv");
        yield return Of("more than the kernel", () => Padded(x => x.pad(4, 4, 4, 4), Conv2d(3, 4, 2)), [3, 5, 5], "Conv");
        yield return Of("into an average", () => Traced(x => x.pad(1, 1, 0, 0).avg_pool2d(2)), [3, 4, 4], "AveragePool");
        yield return Of("not other values", () => Padded(x => x.pad(1, 1, 1, 1, 0.5), Conv2d(3, 4, 3)), [3, 5, 5], "Pad", "Conv");
        yield return Of("not a crop", () => Padded(x => x.pad(-1, 1, 0, 0), Conv2d(3, 4, 3)), [3, 5, 5], "Pad", "Conv");
        yield return Of("not into an average with unequal sides", () => Traced(x => x.pad(1, 0, 0, 0).avg_pool2d(2)), [3, 4, 5], "Pad",
            "AveragePool");
        yield return Of("not what is used elsewhere",
            () => Traced(x => x.pad(1, 1, 1, 1) is var y ? TracedTensor.conv2d(y, Modules.Draw([3, 3, 1, 1], 7)) + y : x), [3, 4, 4],
            "Pad", "Conv", "Add");
        yield return Of("not into a maximum, which doesn't pad with zeros", () => Below(Sequential(ZeroPad2d(1), MaxPool2d(2, 1, 1))),
            [3, 4, 4], "Sub", "Pad", "MaxPool");
        yield return Of("not into an average as small as the pad", () => Below(Sequential(ZeroPad2d(2), AvgPool2d(2))), [3, 4, 4], "Sub",
            "Pad", "AveragePool");
        yield return Of("not into an average that leaves pads out",
            () => Below(Sequential(ZeroPad2d(1), AvgPool2d(3, 1, 1, count_include_pad: false))), [3, 4, 4], "Sub", "Pad", "AveragePool");
        yield return Of("none at all", () => Traced(x => x.pad(0, 0, 0, 0).relu()), [3, 4, 4], "Relu");
    }

    // Inputs of −1 … 1 are below 0 then.
    private static Lambda Below(Sequential after) => Traced(x => after.call(x - 2), after);

    private static Lambda Padded(Func<TracedTensor, TracedTensor> pad, Conv2d conv) => Traced(x => conv.call(pad(x)), conv);

    [TestCaseSource(nameof(Norms))]
    [TestCaseSource(nameof(Arithmetic))]
    [TestCaseSource(nameof(NotFolded))]
    [TestCaseSource(nameof(Shapes))]
    [TestCaseSource(nameof(Pads))]
    public void Graph_HasTheseOperators_AndTheModulesNumbers(Func<Module<Tensor, Tensor>> create, long[] sample, string[] operators)
    {
        using var noGrad = no_grad();
        var module = create().Ready();

        OnnxExporter.Export(module, Modules.Draw([2, .. sample], 1), _folder["m.onnx"]);

        Assert.That(OnnxFile.Operators(_folder["m.onnx"]), Is.EqualTo(operators));
        var input = Modules.Draw([3, .. sample], 2);
        var (expected, actual) = (module.call(input.clone()), OnnxFile.Run(_folder["m.onnx"], input).Single());
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(1e-5 * expected.abs().max().item<float>()));
    }

    [Test]
    public void Fold_OfALayerThatIsUsedTwice_KeepsItsWeightsForTheOther()
    {
        var (conv, norm) = (Conv2d(3, 3, 3, padding: 1), BatchNorm2d(3));
        var module = Traced(x => norm.call(conv.call(conv.call(x).relu())), conv, norm).Ready();

        OnnxExporter.Export(module, Modules.Draw([1, 3, 4, 4], 1), _folder["m.onnx"]);

        var graph = OnnxFile.Read(_folder["m.onnx"]).Graph;
        Assert.That(graph.Initializer.Select(i => i.Name),
            Is.EqualTo(new[] { "part0.weight", "part0.bias", "part0.weight_1", "part0.bias_1" }));
        Assert.That(graph.Initializer[0].RawData.ToByteArray(), Is.EqualTo(conv.weight.bytes.ToArray()));
    }

    [Test]
    public void Fold_LeavesTheModulesWeightsAlone()
    {
        var conv = Conv2d(3, 3, 3).Ready();
        var module = Sequential(conv, BatchNorm2d(3)).Ready();
        var before = conv.weight.bytes.ToArray();

        OnnxExporter.Export(module, Modules.Draw([1, 3, 4, 4], 1), _folder["m.onnx"]);

        Assert.That(conv.weight.bytes.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Fold_ThatWouldLeaveFloat32sRange_IsNotMade()
    {
        // Not a convolution: ONNX Runtime folds into those itself, without looking at the range.
        var module = Traced(x => TracedTensor.conv_transpose2d(x * 1e-30, full([1, 1, 1, 1], 1e20f)) * 1e20).Ready();

        OnnxExporter.Export(module, Modules.Draw([1, 1, 2, 2], 1), _folder["m.onnx"]);

        Assert.That(OnnxFile.Operators(_folder["m.onnx"]), Is.EqualTo(new[] { "Mul", "ConvTranspose", "Mul" }));
    }

    [Test]
    public void Initializers_OfEqualContent_AreOne()
    {
        var (first, second) = (Linear(4, 4), Linear(4, 4));
        var module = Sequential(first, ReLU(), second).Ready();
        using (no_grad())
        {
            second.weight.copy_(first.weight);
            second.bias!.copy_(first.bias!);
        }

        OnnxExporter.Export(module, zeros([1, 4]), _folder["m.onnx"]);

        var graph = OnnxFile.Read(_folder["m.onnx"]).Graph;
        Assert.That(graph.Initializer.Select(i => i.Name), Is.EqualTo(new[] { "0.weight", "0.bias" }));
        Assert.That(graph.Node[2].Input, Is.EqualTo(new[] { "1", "0.weight", "0.bias" }));
    }

    [Test]
    public void NodesThatNoOutputDependsOn_AreGone()
    {
        var linear = Linear(4, 4);
        var module = Traced(x =>
        {
            _ = linear.call(x).exp();
            return x.relu();
        }, linear).Ready();

        OnnxExporter.Export(module, zeros([1, 4]), _folder["m.onnx"]);

        Assert.That(OnnxFile.Operators(_folder["m.onnx"]), Is.EqualTo(new[] { "Relu" }));
        Assert.That(OnnxFile.Read(_folder["m.onnx"]).Graph.Initializer, Is.Empty);
    }
}
