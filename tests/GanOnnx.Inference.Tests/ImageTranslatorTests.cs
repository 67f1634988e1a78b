using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

public sealed class ImageTranslatorTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    private static readonly ImageTranslatorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1 };
    private static readonly ImageTranslatorOptions Signed = OnCpu with { Input = new() { Range = ValueRange.Signed } };
    private static readonly ModelMetadata Metadata = new() { Task = ModelTask.Translate };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(16)]
    public void Translate_AnyBatchSize_TranslatesEachImage(int batchSize)
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(Metadata, "N", 3, 4, 5)),
            OnCpu with { BatchSize = batchSize });
        var images = Images(10, 3, 4, 5);

        var darker = translator.Translate(images);

        Assert.That((darker.Count, darker.Channels, darker.Height, darker.Width, darker.Provider),
            Is.EqualTo((10, 3, 4, 5, "CPUExecutionProvider")));
        Assert.That(darker.Values.ToArray(), Is.EqualTo(Darker(images)).Within(Tolerance));
    }

    [Test]
    public void Translate_FixedBatch_IsPadded()
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(Metadata, 4, 3, 4, 5)), OnCpu);
        var images = Images(7, 3, 4, 5);

        Assert.That(translator.Translate(images).Values.ToArray(), Is.EqualTo(Darker(images)).Within(Tolerance));
    }

    [Test]
    public void Translate_OpenSize_TakesEverySize()
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Upscaler("N", 3, "H", "W")),
            OnCpu with { Input = new() { Range = ValueRange.Unit } });

        foreach (var (height, width) in new[] { (2, 3), (5, 4), (2, 3) })
        {
            var images = Images(3, 3, height, width);
            var larger = translator.Translate(images);

            Assert.That((larger.Count, larger.Height, larger.Width), Is.EqualTo((3, 2 * height, 2 * width)));
            for (var i = 0; i < larger.Values.Length; i++)
            {
                var (plane, pixel) = Math.DivRem(i, 4 * height * width);
                var (y, x) = Math.DivRem(pixel, 2 * width);
                Assert.That(larger.Values[i], Is.EqualTo(images.Values[plane * height * width + y / 2 * width + x / 2]).Within(Tolerance));
            }
        }
    }

    [Test]
    public void Translate_ChannelsLastBgrAndBytesRange_AreConvertedBothWays()
    {
        // The model sees 0 … 255, blue first, channels last, and halves: −1 … 1 becomes half as far from black.
        var builder = new ModelBuilder().Input("photo", Onnx.TensorProto.Types.DataType.Float, "N", 4, 5, 3)
            .Floats("factors", 1, 0.5f, 0.25f).Node("Mul", ["photo", "factors"], "tinted")
            .Output("tinted", Onnx.TensorProto.Types.DataType.Float, "N", 4, 5, 3);
        using var translator = ImageTranslator.Load(_folder.Save(builder),
            OnCpu with { Input = new() { Range = ValueRange.Bytes, Channels = ChannelOrder.Bgr } });
        var images = Images(2, 3, 4, 5);

        var tinted = translator.Translate(images);

        for (var i = 0; i < tinted.Values.Length; i++)
        {
            var factor = (i / 20 % 3) switch { 0 => 0.25f, 1 => 0.5f, _ => 1f };
            Assert.That(tinted.Values[i], Is.EqualTo((images.Values[i] + 1) * factor - 1).Within(Tolerance));
        }
    }

    [Test]
    public async Task StreamAsync_GivesABatchForEach_InOrder()
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(Metadata, "N", 1, 2, 2)), OnCpu);
        var batches = Enumerable.Range(1, 9).Select(count => Images(count, 1, 2, 2)).ToList();

        var i = 0;
        await foreach (var darker in translator.StreamAsync(batches))
            Assert.That(darker.Values.ToArray(), Is.EqualTo(Darker(batches[i++])).Within(Tolerance));

        Assert.That(i, Is.EqualTo(9));
    }

    [Test]
    public void Translate_FromManyThreads_GivesEachItsImages()
    {
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(Metadata, "N", 3, "H", "W")),
            OnCpu with { BatchSize = 3 });

        Parallel.For(0, 200, new() { MaxDegreeOfParallelism = 16 }, i =>
        {
            var images = Images(1 + i % 7, 3, 2 + i % 3, 3);
            Assert.That(translator.Translate(images).Values.ToArray(), Is.EqualTo(Darker(images)).Within(Tolerance));
        });
    }

    [Test]
    public void Load_RangeNobodyTells_IsAskedFor() =>
        LoadFails(ForeignModels.Upscaler("N", 3, "H", "W"),
            "'{0}' doesn't say which values of photo float32 [N, 3, H, W] are black and white. "
            + "Give them with the option Input.Range: -1 to 1, 0 to 1 or 0 to 255.");

    [Test]
    public void Load_AGenerator() =>
        LoadFails(TestModels.Generator(TestModels.Metadata),
            "'{0}' is a model to generate; one to translate or upscale is expected. Choose another model.");

    [Test]
    public void Load_AForeignGenerator() =>
        LoadFails(TestModels.Truncated(),
            "'{0}' takes noise float32 [N, 24, 1, 1], truncation float32 [N]; one image, float32 or uint8 [N, C, H, W] or [N, H, W, C] "
            + "with 1, 3 or 4 channels, is expected. Choose another model.");

    [Test]
    public void Load_FlatImages_AreAskedTheShapeOf() =>
        LoadFails(ForeignModels.Darker(null, "N", 768),
            "'{0}' has flat images, image float32 [N, 768]. Give the shape of one with the option Input.Shape, as 3 × 64 × 64.");

    [Test]
    public void Translate_FlatImages_WithTheirShape()
    {
        var format = new PixelFormat { Shape = new(3, 16, 16), Range = ValueRange.Signed };
        using var translator = ImageTranslator.Load(_folder.Save(ForeignModels.Darker(null, "N", 768)),
            OnCpu with { Input = format, Output = format });
        var images = Images(3, 3, 16, 16);

        Assert.That(translator.Translate(images).Values.ToArray(), Is.EqualTo(Darker(images)).Within(Tolerance));
    }

    [Test]
    public void Translate_OtherChannels() =>
        Fails(Images(1, 1, 4, 5), "Images of 1 channel were given to '{0}'; 3 are expected.");

    [Test]
    public void Translate_OtherSize() =>
        Fails(Images(1, 3, 4, 6), "Images of 4 × 6 (height × width) were given to '{0}'; 4 × 5 is expected. Resize them.");

    [Test]
    public void Translate_NoImages() =>
        Fails(new([], 0, 3, 4, 5), "No images were given to '{0}'. Give at least 1.");

    [Test]
    public void Translate_ImagesThatAreNoNumbers() =>
        Fails(new([.. Enumerable.Repeat(float.NaN, 60)], 1, 3, 4, 5),
            "The images given to '{0}' hold values that are no numbers (NaN) or infinite. Give finite ones.");

    [Test]
    public void Translate_AfterDispose_Throws()
    {
        var path = _folder.Save(ForeignModels.Darker(null, "N", 3, 4, 5));
        var translator = ImageTranslator.Load(path, Signed);
        translator.Dispose();
        translator.Dispose();

        Assert.That(() => translator.Translate(Images(1, 3, 4, 5)),
            Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo($"'{path}' is closed. Load the model again."));
    }

    private void Fails(ImageBatch images, string message)
    {
        var path = _folder.Save(ForeignModels.Darker(null, "N", 3, 4, 5));
        using var translator = ImageTranslator.Load(path, Signed);
        Assert.That(() => translator.Translate(images), Throws.TypeOf<ModelException>().With.Message.EqualTo(message.Replace("{0}", path)));
    }

    private void LoadFails(ModelBuilder builder, string message)
    {
        var path = _folder.Save(builder);
        Assert.That(() => ImageTranslator.Load(path, OnCpu).Dispose(),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(message.Replace("{0}", path)));
    }

    private static ImageBatch Images(int count, int channels, int height, int width)
    {
        var pixels = new float[count * channels * height * width];
        new RandomStream(1, 999).FillUniform((ulong)count, pixels);
        return new(pixels, count, channels, height, width);
    }

    private static float[] Darker(ImageBatch images) => [.. images.Values.ToArray().Select(value => value / 2 - 0.5f)];
}
