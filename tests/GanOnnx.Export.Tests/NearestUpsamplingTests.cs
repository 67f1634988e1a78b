using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Export.Tests.Fixtures.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>What an upsampling that repeats pixels is merged with or put behind, and that the numbers stay.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NearestUpsamplingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> create, params string[] operators) =>
        new TestCaseData(create, operators).SetArgDisplayNames(name);

    private static Upsample Up(double down = 2, double across = 2) => nn.Upsample(scale_factor: [down, across]);

    private static IEnumerable<TestCaseData> Merged()
    {
        yield return Of("a convolution", () => Sequential(Up(), Conv2d(3, 4, 3, padding: 1)), "AveragePool", "ConvTranspose");
        yield return Of("without padding and bias", () => Sequential(Up(), Conv2d(3, 4, 3, bias: false)), "AveragePool", "ConvTranspose");
        yield return Of("as much padding as the kernel has room for", () => Sequential(Up(), Conv2d(3, 4, 3, padding: 2)), "AveragePool",
            "ConvTranspose");
        yield return Of("a larger kernel", () => Sequential(Up(), Conv2d(3, 4, 5, padding: 2)), "AveragePool", "ConvTranspose");
        yield return Of("an even kernel", () => Sequential(Up(), Conv2d(3, 4, 2, padding: 1)), "AveragePool", "ConvTranspose");
        yield return Of("sides of their own", () => Sequential(Up(3, 2), Conv2d(3, 4, (3, 5), padding: (0, 2))), "AveragePool",
            "ConvTranspose");
        yield return Of("a kernel of one row", () => Sequential(Up(4, 1), Conv2d(3, 4, (1, 3), padding: (0, 1))), "AveragePool",
            "ConvTranspose");
        yield return Of("a norm behind", () => Sequential(Up(), Conv2d(3, 4, 3, padding: 1), BatchNorm2d(4), ReLU()), "AveragePool",
            "ConvTranspose", "Relu");
        yield return Of("over what treats pixels by themselves",
            () => Sequential(ReLU(), Up(), BatchNorm2d(3), LeakyReLU(0.2), Conv2d(3, 4, 3, padding: 1)),
            "Relu", "BatchNormalization", "LeakyRelu", "AveragePool", "ConvTranspose");
        yield return Of("two convolutions of one upsampling", Two, "AveragePool", "ConvTranspose", "Conv", "Resize", "Add");
    }

    private static Lambda Two()
    {
        var (main, skip) = (Conv2d(3, 4, 3, padding: 1), Conv2d(3, 4, 1));
        return new Lambda(x => x.upsample_nearest2d(2) is var y ? main.call(y) + skip.call(y) : x, main, skip);
    }

    private static IEnumerable<TestCaseData> Later()
    {
        yield return Of("a kernel of one pixel", () => Sequential(Up(), Conv2d(3, 4, 1)), "Conv", "Resize");
        yield return Of("one in groups", () => Sequential(Up(), Conv2d(3, 6, 1, groups: 3)), "Conv", "Resize");
        yield return Of("an activation", () => Sequential(Up(), Tanh()), "Tanh", "Resize");
        yield return Of("several", () => Sequential(Up(), Conv2d(3, 4, 1), BatchNorm2d(4), Sigmoid()), "Conv", "Sigmoid", "Resize");
    }

    private static IEnumerable<TestCaseData> LeftAlone()
    {
        yield return Of("groups", () => Sequential(Up(), Conv2d(3, 6, 3, groups: 3)), "Resize", "Conv");
        yield return Of("steps", () => Sequential(Up(), Conv2d(3, 4, 3, stride: 2)), "Resize", "Conv");
        yield return Of("steps of one pixel", () => Sequential(Up(), Conv2d(3, 4, 1, stride: 2)), "Resize", "Conv");
        yield return Of("holes", () => Sequential(Up(), Conv2d(3, 4, 3, dilation: 2)), "Resize", "Conv");
        yield return Of("padding of the whole kernel", () => Sequential(Up(), Conv2d(3, 4, 3, padding: 3)), "Resize", "Conv");
        yield return Of("padding of one side",
            () => new Lambda(x => x.upsample_nearest2d(2).pad(1, 0, 0, 0) is var y ? TracedTensor.conv2d(y, Modules.Draw([4, 3, 3, 3], 7))
            : x), "Resize", "Conv");
        yield return Of("padding around one pixel", () => Sequential(Up(), Conv2d(3, 4, 1, padding: 1)), "Resize", "Conv");
        yield return Of("means of neighbours", () =>
            Sequential(nn.Upsample(scale_factor: [2.0, 2.0], mode: UpsampleMode.Bilinear), Conv2d(3, 4, 3, padding: 1)), "Resize", "Conv");
        yield return Of("an activation of what is used elsewhere",
            () => new Lambda(x => x.upsample_nearest2d(2) is var y ? y.tanh() + y : x), "Resize", "Tanh", "Add");
        yield return Of("sums over pixels", () => new Lambda(x => x.upsample_nearest2d(2).softmax(3)), "Resize", "Softmax");
    }

    [TestCaseSource(nameof(Merged))]
    [TestCaseSource(nameof(Later))]
    [TestCaseSource(nameof(LeftAlone))]
    public void Graph_HasTheseOperators_AndTheModulesNumbers(Func<Module<Tensor, Tensor>> create, string[] operators)
    {
        using var noGrad = no_grad();
        var module = create().Ready();

        OnnxExporter.Export(module, Modules.Draw([2, 3, 4, 6], 1), _folder["m.onnx"]);

        Assert.That(OnnxFile.Operators(_folder["m.onnx"]), Is.EqualTo(operators));
        var input = Modules.Draw([3, 3, 4, 6], 2);
        var (expected, actual) = (module.call(input.clone()), OnnxFile.Run(_folder["m.onnx"], input).Single());
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        Assert.That((actual - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(1e-5 * expected.abs().max().item<float>()));
    }

    [Test]
    public void Merged_KernelInTheFile_IsAsLargeAsTheConvolutions()
    {
        OnnxExporter.Export(Sequential(("up", Up()), ("conv", Conv2d(3, 4, 3, bias: false))).Ready(), zeros([1, 3, 4, 4]),
            _folder["m.onnx"]);

        var weight = OnnxFile.Read(_folder["m.onnx"]).Graph.Initializer.Single();
        Assert.That((weight.Name, weight.Dims), Is.EqualTo(("conv.weight.mirrored", new long[] { 3, 4, 3, 3 })));
    }

    [Test]
    public void Merged_InFloat16_StaysWithinItsTolerance()
    {
        var module = Sequential(ReLU(), Up(), Conv2d(3, 32, 3, padding: 1), ReLU(), Conv2d(32, 3, 3, padding: 1)).Ready();

        OnnxExporter.Export(module, Modules.Draw([1, 3, 4, 4], 1), _folder["m.onnx"], new() { Precision = Precision.Float16 });

        Assert.That(OnnxFile.Operators(_folder["m.onnx"]), Does.Contain("ConvTranspose"));
    }
}
