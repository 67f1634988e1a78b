using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Each bad case has its sentence, compared whole, and changes no file.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ExportErrorTests : IDisposable
{
    private static readonly string Types = string.Join(", ", OnnxExporter.SupportedTypes);

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void TrainingMode()
    {
        using var module = BatchNorm2d(2);
        Fails(module, [1, 2, 3, 3],
            "The module is in training mode, in which its output depends on the batch. Call module.eval() before exporting.");
    }

    [Test]
    public void TrainingMode_OfAnInnerModule()
    {
        using var norm = BatchNorm2d(2);
        using var module = Sequential(("body", Sequential(("norm", norm)))).Ready();
        norm.train();
        Fails(module, [1, 2, 3, 3], "'body.norm' is in training mode, in which its output may depend on the batch. Call module.eval() "
            + "before exporting.");
        Assert.That(norm.running_mean!.data<float>().ToArray(), Is.EqualTo(Modules.Draw([2], 102).data<float>().ToArray()),
            "the statistics stay");
    }

    [Test]
    public void UnsupportedModule_AsTheRoot()
    {
        using var module = new Swirl();
        module.eval();
        Fails(module, [1, 2], $"The module is of type Swirl, which can't be exported; derive it from TracedModule, or give its trace in "
            + $"OnnxExportOptions.Traces. These can: {Types}.");
    }

    [Test]
    public void UnsupportedModule_Inside()
    {
        using var module = Sequential(("body", Sequential(ReLU(), new Swirl()))).Ready();
        Fails(module, [1, 2], $"'body.1' is of type Swirl, which can't be exported; derive it from TracedModule, or give its trace in "
            + $"OnnxExportOptions.Traces. These can: {Types}.");
    }

    [Test]
    public void AsymmetricOutputPadding()
    {
        using var up = ConvTranspose2d(1, 1, 3, 2).Ready();
        up.output_padding = [1, 0];
        using var module = Sequential(("up", up)).Ready();
        Fails(module, [1, 1, 3, 3], "'up' has the output padding [1, 0], of which TorchSharp uses only the first. Make both the same.");
    }

    [Test]
    public void NoRunningStatistics()
    {
        using var module = Sequential(("norm", BatchNorm2d(2, track_running_stats: false))).Ready();
        Fails(module, [1, 2, 3, 3], "'norm' keeps no running statistics, so its output depends on the batch. Make it with "
            + "track_running_stats.");
    }

    [Test]
    public void UnflattenedBatch()
    {
        using var module = Sequential(("split", nn.Unflatten(0, [1, -1]))).Ready();
        Fails(module, [2, 3], "'split' unflattens the batch axis, which must stay the first. Unflatten a later axis.");
    }

    [Test]
    public void ModuleThatOnnxHasNoCounterpartOf()
    {
        using var module = Sequential(("pool", AdaptiveMaxPool3d([2, 2, 2]))).Ready();
        Fails(module, [1, 1, 6, 6, 6],
            "'pool' is of type AdaptiveMaxPool3d, which can't be exported: TorchSharp 0.106 runs it as a pooling of one axis, which "
            + "refuses five. Use MaxPool3d.");
    }

    [Test]
    public void DistanceThatCountsDifferences()
    {
        using var module = PairwiseDistance(0).Ready();
        FailsWith(module, [rand(1, 3), rand(1, 3)],
            "The module counts the differences that aren't 0 (a norm of 0), which rounding decides. Give another norm.");
    }

    [Test]
    public void SimilarityOfOtherRanks()
    {
        using var module = CosineSimilarity().Ready();
        FailsWith(module, [rand(1, 3, 4), rand(1, 4)],
            "The module compares [1, 3, 4] with [1, 4]; inputs with the same number of axes, and one size along axis 1, can be exported.");
    }

    [TestCase(EmbeddingBagMode.Mean)]
    [TestCase(EmbeddingBagMode.Max)]
    public void BagWithAPaddingRow(EmbeddingBagMode mode)
    {
        using var module = EmbeddingBag(5, 3, mode: mode, padding_index: 1).Ready();
        FailsWith(module, [tensor(new long[] { 0, 2 }, [1, 2])],
            "The module has a padding row, which its mean or largest value leaves out; ONNX has no such operator. Make it without "
                + "padding_index, or with the mode Sum.");
    }

    [Test]
    public void BagsOfOffsets()
    {
        using var module = EmbeddingBag(5, 3).Ready();
        FailsWith(module, [tensor(new long[] { 0, 2, 1 }, [3]), tensor(new long[] { 0, 2 }, [2])],
            "The module is an EmbeddingBag that gets offsets or weights of its own; only bags of one size, as [N, B], can be exported.",
            new() { DynamicAxes = [] });
    }

    private static IEnumerable<TestCaseData> WrongShapes()
    {
        yield return Of("Linear of other features", () => Linear(5, 2), [1, 4], "[N, *, 5] but gets [1, 4]");
        yield return Of("Linear of other features of tokens", () => Linear(5, 2), [1, 5, 4], "[N, *, 5] but gets [1, 5, 4]");
        yield return Of("Linear on one axis", () => Linear(5, 2), [5], "[N, *, 5] but gets [5]");
        yield return Of("Conv2d of other channels", () => Conv2d(3, 1, 1), [1, 2, 4, 4], "[N, 3, H, W] but gets [1, 2, 4, 4]");
        yield return Of("Conv2d without a batch", () => Conv2d(3, 1, 1), [3, 4, 4], "[N, 3, H, W] but gets [3, 4, 4]");
        yield return Of("ConvTranspose2d of other channels", () => ConvTranspose2d(3, 1, 1), [1, 2, 4, 4],
            "[N, 3, H, W] but gets [1, 2, 4, 4]");
        yield return Of("Conv1d of an image", () => Conv1d(3, 1, 1), [1, 3, 4, 4], "[N, 3, L] but gets [1, 3, 4, 4]");
        yield return Of("Conv3d of an image", () => Conv3d(3, 1, 1), [1, 3, 4, 4], "[N, 3, D, H, W] but gets [1, 3, 4, 4]");
        yield return Of("LayerNorm of other features", () => LayerNorm([2, 3]), [1, 2, 4], "[N, *, 2, 3] but gets [1, 2, 4]");
        yield return Of("LayerNorm over the batch", () => LayerNorm(3), [3], "[N, *, 3] but gets [3]");
        yield return Of("MaxPool2d without a batch", () => MaxPool2d(2), [3, 4, 4], "[N, C, H, W] but gets [3, 4, 4]");
        yield return Of("PixelShuffle without a batch", () => PixelShuffle(2), [4, 4, 4], "[N, C, H, W] but gets [4, 4, 4]");
        yield return Of("BatchNorm2d of other channels", () => BatchNorm2d(3), [1, 2, 4, 4], "[N, 3, H, W] but gets [1, 2, 4, 4]");

        static TestCaseData Of(string name, Func<Module<Tensor, Tensor>> create, long[] shape, string found) =>
            new TestCaseData(create, shape, found).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(WrongShapes))]
    public void WrongShape(Func<Module<Tensor, Tensor>> create, long[] shape, string found)
    {
        using var root = create().Ready();
        Fails(root, shape, $"The module is exported for {found}. Give an example of the module's input shape.");

        using var inner = Sequential(("layer", create())).Ready();
        Fails(inner, shape, $"'layer' is exported for {found}. Give an example of the module's input shape.");
    }

    // What follows the colon is libtorch's, which words it by version.
    [TestCase(3, new long[] { 1, 5 })]
    [TestCase(1, new long[] { 1 })]
    public void FlattenOfAxesThatAreNotThere(long start, long[] shape)
    {
        using var module = Sequential(("flat", nn.Flatten(start))).Ready();
        Assert.That(Attempt(module, shape), Does.StartWith($"'flat' can't run on [{string.Join(", ", shape)}]: ").And.Not.Contains("\n"));
    }

    [Test]
    public void UnflattenCountedFromTheEnd()
    {
        using var module = Sequential(("split", nn.Unflatten(-1, [2, 2]))).Ready();
        Assert.That(Attempt(module, [1, 4]), Does.StartWith("'split' can't run on [1, 4]: ").And.Not.Contains("\n"));
    }

    [Test]
    public void KernelLargerThanTheImage()
    {
        using var module = Sequential(("conv", Conv2d(1, 1, 3))).Ready();
        Assert.That(Attempt(module, [1, 1, 2, 2]), Does.StartWith("'conv' can't run on [1, 1, 2, 2]: ").And.Not.Contains("\n"));
    }

    [Test]
    public void ExampleOfAnotherType()
    {
        using var module = ReLU().Ready();
        Fails(module, zeros([1, 2], float64),
            "The example has Float64 [1, 2]; a float32 or int64 tensor with at least one value is needed.");
    }

    // The device without memory stands for any other, as CUDA.
    [Test]
    public void ExampleOnAnotherDevice()
    {
        using var module = ReLU().Ready();
        Fails(module, zeros([1, 2], device: META), "The example is on meta; export needs it on the CPU. Call example.cpu() first.");
    }

    [Test]
    public void WeightOnAnotherDevice()
    {
        using var module = Sequential(("layer", new Holder(zeros([2], device: META))));
        module.eval();
        Fails(module, zeros([1, 2]), "'layer.weight' is on meta; export needs the module on the CPU. Call module.cpu() first.");
    }

    [Test]
    public void ExampleWithoutValues()
    {
        using var module = ReLU().Ready();
        Fails(module, [0, 2], "The example has Float32 [0, 2]; a float32 or int64 tensor with at least one value is needed.");
    }

    [Test]
    public void ExampleWithoutTheOpenAxis()
    {
        using var module = ReLU().Ready();
        Fails(module, [], "The open axis 'N' is axis 0 of 'input', which has []. Give an axis that is there, counted from 0.");
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void WeightsThatAreNoNumbers(float value)
    {
        using var module = Sequential(("layer", Linear(1, 1))).Ready();
        using (no_grad())
            module.state_dict()["layer.bias"].copy_(tensor([value], [1]));
        Fails(module, [1, 1], "'layer.bias' has values that aren't finite numbers. Train again from before they appeared.");
    }

    [Test]
    public void DifferenceAboveTheTolerance()
    {
        using var module = Modules.Generator();
        Assert.That(Attempt(module, [1, 5], options: new() { Tolerance = 1e-12 }),
            Does.Match(@"^ONNX Runtime's 'output' differs from the module's by up to \S+e-\d+, more than 1e-12, at N = 1, so no file is written\. They depart first at '\w+' \(\w+\), by up to \S+e-\d+\.$"));
    }

    [TestCase(0, "0")]
    [TestCase(-1, "-1")]
    [TestCase(double.NaN, "NaN")]
    public void ToleranceThatIsNone(double tolerance, string found)
    {
        using var module = ReLU().Ready();
        Fails(module, [1, 2], $"The tolerance is {found}; a number above 0 is needed.", options: new() { Tolerance = tolerance });
    }

    [Test]
    public void SizesThatVerifyNothing()
    {
        using var module = ReLU().Ready();
        Fails(module, [1, 2], "The open axis 'N' has the verified sizes [1, 0]; a name and sizes of at least 1 are needed.",
            options: new() { DynamicAxes = [DynamicAxis.Batch with { VerifiedSizes = [1, 0] }] });
    }

    [Test]
    public void MetadataKeyTwice()
    {
        using var module = ReLU().Ready();
        Fails(module, [1, 2], "The metadata has the key 'gan.task' twice. Give each key once.",
            options: new() { Metadata = [new("gan.task", "generate"), new("gan.task", "score")] });
    }

    [Test]
    public void InputAndOutputOfOneName()
    {
        using var module = ReLU().Ready();
        Fails(module, [1, 2], "Two of the graph's inputs and outputs are called 'image'. Give each its own name.",
            options: new() { InputNames = ["image"], OutputNames = ["image"] });
    }

    [Test]
    public void PathThatIsAFolder()
    {
        using var module = ReLU().Ready();
        Directory.CreateDirectory(_folder["m.onnx"]);
        Fails(module, [1, 2], $"'{_folder["m.onnx"]}' is a folder. Give the file to write.");
    }

    [TestCase("m.onnx")]
    [TestCase("deeper/m.onnx")]
    public void PathBelowAFile(string name)
    {
        using var module = ReLU().Ready();
        File.WriteAllText(_folder["file"], "mine");
        var path = Path.Combine(_folder["file"], name);
        Fails(module, [1, 2], $"'{path}' can't be written: '{_folder["file"]}' is a file, not a folder. Give another path.", path: path);
    }

    [Test]
    public void OlderFile_SurvivesAFailedExport()
    {
        using var good = ReLU().Ready();
        using var bad = Modules.Generator();
        OnnxExporter.Export(good, zeros([1, 2]), _folder["m.onnx"]);
        var before = File.ReadAllBytes(_folder["m.onnx"]);

        Attempt(bad, [1, 5], options: new() { Tolerance = 1e-12 });

        Assert.That(File.ReadAllBytes(_folder["m.onnx"]), Is.EqualTo(before));
    }

    private void Fails(Module<Tensor, Tensor> module, long[] shape, string message, string? path = null,
        OnnxExportOptions? options = null) =>
        Fails(module, Modules.Draw(shape, 1), message, path, options);

    private void Fails(Module<Tensor, Tensor> module, Tensor example, string message, string? path = null,
        OnnxExportOptions? options = null) =>
        Assert.That(Attempt(module, example, path, options), Is.EqualTo(message));

    private string Attempt(Module<Tensor, Tensor> module, long[] shape, string? path = null, OnnxExportOptions? options = null) =>
        Attempt(module, Modules.Draw(shape, 1), path, options);

    /// <summary>The error's message, after making sure that the folder has the same files as before.</summary>
    private string Attempt(Module<Tensor, Tensor> module, Tensor example, string? path, OnnxExportOptions? options)
    {
        var before = Entries();
        var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(module, example, path ?? _folder["m.onnx"], options))!;
        Assert.That(Entries(), Is.EqualTo(before));
        return error.Message;
    }

    private void FailsWith(nn.Module module, Tensor[] examples, string message, OnnxExportOptions? options = null)
    {
        var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(module, examples, _folder["m.onnx"], options))!;
        Assert.That(error.Message, Is.EqualTo(message));
        Assert.That(Entries(), Is.Empty);
    }

    private string[] Entries() => [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order()];

    private sealed class Holder : Module<Tensor, Tensor>
    {
        public Holder(Tensor weight) : base("Holder") => register_parameter("weight", nn.Parameter(weight));

        public override Tensor forward(Tensor input) => input.alias();
    }

    private sealed class Swirl() : Module<Tensor, Tensor>("Swirl")
    {
        public override Tensor forward(Tensor input) => input.alias();
    }
}
