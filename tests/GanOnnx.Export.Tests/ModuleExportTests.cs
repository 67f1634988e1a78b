using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Each module type and option, run in ONNX Runtime at batch sizes that aren't the example's.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ModuleExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Modules()
    {
        yield return Of("Linear", () => Linear(5, 3), [5]);
        yield return Of("Linear without bias", () => Linear(5, 3, hasBias: false), [5]);
        yield return Of("Linear of one to one", () => Linear(1, 1), [1]);
        yield return Of("Linear of many", () => Linear(512, 64), [512]);

        yield return Of("Conv2d", () => Conv2d(3, 4, 3), [3, 7, 6]);
        yield return Of("Conv2d 1x1", () => Conv2d(3, 4, 1), [3, 1, 1]);
        yield return Of("Conv2d without bias", () => Conv2d(3, 4, 3, bias: false), [3, 7, 6]);
        yield return Of("Conv2d with stride and padding", () => Conv2d(3, 4, 4, 2, 1), [3, 8, 6]);
        yield return Of("Conv2d dilated", () => Conv2d(2, 2, 3, 1, 2, 2), [2, 7, 6]);
        yield return Of("Conv2d in groups", () => Conv2d(4, 6, 3, groups: 2), [4, 5, 5]);
        yield return Of("Conv2d by channel", () => Conv2d(4, 4, 3, 1, 1, groups: 4, bias: false), [4, 5, 5]);

        yield return Of("ConvTranspose2d", () => ConvTranspose2d(3, 2, 3), [3, 4, 3]);
        yield return Of("ConvTranspose2d without bias", () => ConvTranspose2d(3, 2, 3, bias: false), [3, 4, 3]);
        yield return Of("ConvTranspose2d with stride and padding", () => ConvTranspose2d(3, 2, 4, 2, 1), [3, 4, 3]);
        yield return Of("ConvTranspose2d with output padding", () => ConvTranspose2d(3, 2, 3, 2, 1, 1), [3, 4, 3]);
        yield return Of("ConvTranspose2d dilated", () => ConvTranspose2d(2, 3, 3, 1, 1, 0, 2), [2, 4, 3]);
        yield return Of("ConvTranspose2d in groups", () => ConvTranspose2d(4, 6, 4, 2, 1, groups: 2), [4, 3, 3]);

        yield return Of("BatchNorm2d", () => BatchNorm2d(3), [3, 4, 5]);
        yield return Of("BatchNorm2d without weights", () => BatchNorm2d(3, affine: false), [3, 4, 5]);
        yield return Of("BatchNorm2d with a large epsilon", () => BatchNorm2d(3, eps: 0.5), [3, 4, 5]);

        yield return Of("ReLU", () => ReLU(), [4, 3]);
        yield return Of("ReLU in place", () => ReLU(inplace: true), [4, 3]);
        yield return Of("LeakyReLU", () => LeakyReLU(), [4, 3]);
        yield return Of("LeakyReLU 0.2 in place", () => LeakyReLU(0.2, inplace: true), [4, 3]);
        yield return Of("LeakyReLU 0", () => LeakyReLU(0), [4, 3]);
        yield return Of("Tanh", () => Tanh(), [4, 3]);
        yield return Of("Sigmoid", () => Sigmoid(), [4, 3]);
        yield return Of("Identity", () => Identity(), [4, 3]);

        yield return Of("Flatten", () => nn.Flatten(), [2, 3, 4]);
        yield return Of("Flatten of middle axes", () => nn.Flatten(1, 2), [2, 3, 4]);
        yield return Of("Flatten from the end", () => nn.Flatten(-2, -1), [2, 3, 4]);
        yield return Of("Flatten of one axis", () => nn.Flatten(2, 2), [2, 3, 4]);
        yield return Of("Flatten to the batch", () => nn.Flatten(0), [1]);
        yield return Of("Unflatten", () => nn.Unflatten(1, [2, 3]), [6]);
        yield return Of("Unflatten of a middle axis", () => nn.Unflatten(1, [2, 1, 3]), [6, 4]);
        yield return Of("Unflatten of the last axis", () => nn.Unflatten(2, [2, 2]), [6, 4]);
        yield return Of("Unflatten with an open size", () => nn.Unflatten(1, [-1, 2]), [6, 4]);

        yield return Of("Sequential of nothing", () => Sequential(Array.Empty<Module<Tensor, Tensor>>()), [4]);
        yield return Of("Sequential ending in Identity", () => Sequential(Linear(4, 2), Identity()), [4]);
        yield return Of("Sequential that shares a module", () => Shared(), [4]);
        yield return Of("Sequential of Sequentials", () => Sequential(
            ("body", Sequential(("conv", Conv2d(1, 2, 3)), ("inner", Sequential(BatchNorm2d(2), LeakyReLU(0.2))))),
            ("head", Sequential(nn.Flatten(), Linear(8, 1), nn.Flatten(0)))), [1, 4, 4]);
        yield return Of("Generator", Fixtures.Modules.Generator, [5]);

        static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> create, long[] sample) =>
            new TestCaseData(create, sample).SetArgDisplayNames(name);
    }

    private static Module<Tensor, Tensor> Shared()
    {
        var linear = Linear(4, 4);
        return Sequential(("first", linear), ("tanh", Tanh()), ("second", linear));
    }

    [TestCaseSource(nameof(Modules))]
    public void ExportedFile_GivesTheModulesOutputAtAnyBatchSize(Func<Module<Tensor, Tensor>> create, long[] sample)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var module = create().Ready();
        foreach (var exampleSize in new long[] { 1, 3 })
        {
            var path = _folder[$"{exampleSize}.onnx"];
            OnnxExporter.Export(module, Fixtures.Modules.Draw([exampleSize, .. sample], 1), path);
            foreach (var batch in new long[] { 1, 2, 5 })
                AssertSame(module, path, [batch, .. sample]);
        }
    }

    // The order of a float32 sum is the engine's choice: the difference is measured against the largest output.
    private static void AssertSame(Module<Tensor, Tensor> module, string path, long[] shape)
    {
        var input = Fixtures.Modules.Draw(shape, 2);
        var values = input.data<float>().ToArray();
        var output = module.call(input).contiguous();
        var expected = output.data<float>().ToArray();

        var (actual, actualShape) = OnnxFile.Run(path, values, shape);

        Assert.That(actualShape, Is.EqualTo(output.shape));
        Assert.That(actual, Is.EqualTo(expected).Within(1e-5 * expected.Max(Math.Abs)));
    }

    [TestCaseSource(nameof(Modules))]
    public void ExportedFile_OfAnyExampleSize_HasTheSameBytes(Func<Module<Tensor, Tensor>> create, long[] sample)
    {
        using var scope = NewDisposeScope();
        using var module = create().Ready();

        OnnxExporter.Export(module, zeros([1, .. sample]), _folder["one.onnx"]);
        OnnxExporter.Export(module, Fixtures.Modules.Draw([3, .. sample], 1), _folder["three.onnx"]);

        Assert.That(File.ReadAllBytes(_folder["three.onnx"]), Is.EqualTo(File.ReadAllBytes(_folder["one.onnx"])));
    }
}
