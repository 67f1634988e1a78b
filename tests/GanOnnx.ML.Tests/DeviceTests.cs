namespace GanOnnx.ML.Tests;

/// <summary>The devices of an MLContext. Where there is a GPU, number 99 isn't there either.</summary>
public sealed class DeviceTests : IDisposable
{
    private const int NoSuchGpu = 99;

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Estimators()
    {
        yield return new TestCaseData((Func<MLContext, string, string, BatchedOnnxEstimator>)((ml, generator, _) =>
            ml.Transforms.GenerateImages("Image", generator, "Latent")))
        { TestName = "GenerateImages" };
        yield return new TestCaseData((Func<MLContext, string, string, BatchedOnnxEstimator>)((ml, generator, _) =>
            ml.Transforms.ApplyOnnxModelBatched("image", "z", generator)))
        { TestName = "ApplyOnnxModelBatched" };
        yield return new TestCaseData((Func<MLContext, string, string, BatchedOnnxEstimator>)((ml, _, translator) =>
            ml.Transforms.TranslateImages("Negative", translator, "Image")))
        { TestName = "TranslateImages" };
    }

    [TestCaseSource(nameof(Estimators))]
    public void The_contexts_gpu_is_asked_for(Func<MLContext, string, string, BatchedOnnxEstimator> create)
    {
        var ml = new MLContext { GpuDeviceId = NoSuchGpu };
        Assert.That(() => Create(ml, create),
            Throws.TypeOf<ModelException>().With.Message.Matches("^The (GPU 99|device cuda:99) can't be used: "));
    }

    [TestCaseSource(nameof(Estimators))]
    public void The_context_may_fall_back(Func<MLContext, string, string, BatchedOnnxEstimator> create) =>
        Assert.That(() => Create(new MLContext { GpuDeviceId = NoSuchGpu, FallbackToCpu = true }, create), Throws.Nothing);

    [Test]
    public void The_source_asks_for_the_contexts_gpu()
    {
        var ml = new MLContext { GpuDeviceId = NoSuchGpu };
        Assert.That(() => ml.Data.GenerateImages(_folder.Save(TestModels.Generator()), 1), Throws.TypeOf<ModelException>());
    }

    [Test]
    public void Options_go_before_the_context()
    {
        var path = _folder.Save(TestModels.Generator());
        var ml = new MLContext { GpuDeviceId = NoSuchGpu };
        using var fallen = ml.Data.GenerateImages(path, 1, options: new() { GpuDeviceId = NoSuchGpu, FallbackToCpu = true });
        Assert.That(() => new MLContext().Data.GenerateImages(path, 1, options: new() { GpuDeviceId = NoSuchGpu }),
            Throws.TypeOf<ModelException>());
    }

    [Test]
    public void The_default_is_the_cpu()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(LatentRow.Create(1));
        using var transformer = ml.Transforms.GenerateImages("Image", _folder.Save(TestModels.Generator()), "Latent").Fit(data);
        Assert.That((transformer.Provider, transformer.BatchSize, transformer.Parallelism),
            Is.EqualTo(("CPUExecutionProvider", 16, Environment.ProcessorCount)));
    }

    private BatchedOnnxEstimator Create(MLContext ml, Func<MLContext, string, string, BatchedOnnxEstimator> create) =>
        create(ml, _folder.Save(TestModels.Generator(), "g.onnx"), _folder.Save(Tables.Negative(4, 4), "t.onnx"));
}
