using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>Generators made by others give the same images as ours, whatever form theirs have.</summary>
public sealed class ForeignModelTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1 };
    private static readonly PixelFormat Flat = new() { Shape = new(3, 16, 16) };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Forms()
    {
        yield return Case("inferred", ForeignModels.Generator(), new());
        yield return Case("0 to 1", ForeignModels.Generator(0), new() { Range = ValueRange.Unit });
        yield return Case("0 to 255", ForeignModels.Generator(0, 255), new() { Range = ValueRange.Bytes }, 1e-4f);
        yield return Case("-3 to 5", ForeignModels.Generator(-3, 5), new() { Range = new(-3, 5) });
        yield return Case("channels last", ForeignModels.Generator(last: true), new());
        yield return Case("bgr", ForeignModels.Generator(bgr: true), new() { Channels = ChannelOrder.Bgr });
        yield return Case("bgr, last, 0 to 1", ForeignModels.Generator(0, bgr: true, last: true),
            new() { Channels = ChannelOrder.Bgr, Range = ValueRange.Unit });
        yield return Case("flat", ForeignModels.Generator(flat: true), Flat);
        yield return Case("flat, last", ForeignModels.Generator(flat: true, last: true), Flat with { Layout = ChannelLayout.Last });
        yield return Case("fixed batch of 1", ForeignModels.Generator(batch: 1), new());
        yield return Case("fixed batch of 4", ForeignModels.Generator(batch: 4), new());
        // Half a step of 256.
        yield return Case("bytes, last", ForeignModels.Generator(0, 255, last: true, bytes: true), new(), 0.5f / 127);
        yield return Case("bytes, first", ForeignModels.Generator(0, 255, bytes: true), new(), 0.5f / 127);

        static TestCaseData Case(string name, ModelBuilder builder, PixelFormat format, float tolerance = Tolerance) =>
            new TestCaseData(builder, format, tolerance).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Forms))]
    public void Generate_AnyForm_GivesTheSameImages(object builder, PixelFormat format, float tolerance)
    {
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "ours.onnx"), OnCpu);
        using var foreign = ImageGenerator.Load(_folder.Save((ModelBuilder)builder), OnCpu with { Pixels = format });

        var images = foreign.Generate(10, seed: 4);

        Assert.That((images.Channels, images.Height, images.Width, images.Provider), Is.EqualTo((3, 16, 16, "CPUExecutionProvider")));
        Assert.That(images.Values.ToArray(), Is.EqualTo(ours.Generate(10, seed: 4).Values.ToArray()).Within(tolerance));
    }

    [Test]
    public void Load_RangeInTheMetadata_IsConverted()
    {
        var builder = ForeignModels.Generator(0).Metadata(TestModels.Metadata with { Pixels = new() { Lowest = 0 } });
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "ours.onnx"), OnCpu);
        using var other = ImageGenerator.Load(_folder.Save(builder), OnCpu);

        Assert.That(other.Generate(3).Values.ToArray(), Is.EqualTo(ours.Generate(3).Values.ToArray()).Within(Tolerance));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void Load_FixedBatch_IsTheBatchSize(int batch)
    {
        using var generator = ImageGenerator.Load(_folder.Save(ForeignModels.Generator(batch: batch)), OnCpu);

        Assert.That(generator.BatchSize, Is.EqualTo(batch));
    }

    [Test]
    public void Load_GreyWithoutAChannelAxis_IsGrey()
    {
        var builder = ForeignModels.Tiny();
        builder.Model.Graph.Output.Clear();
        builder.Integers("nhw", -1, 1, 1).Node("Reshape", ["pixel", "nhw"], "grey")
            .Output("grey", Onnx.TensorProto.Types.DataType.Float, "N", 1, 1);
        using var generator = ImageGenerator.Load(_folder.Save(builder), OnCpu);

        var images = generator.Generate(3);

        Assert.That((images.Count, images.Channels, images.Height, images.Width), Is.EqualTo((3, 1, 1, 1)));
    }

    [Test]
    public void Load_RangeNobodyTells_IsAskedFor() =>
        Fails(ForeignModels.Generator(0), new(), "'{0}' doesn't say which values of out float32 [N, 3, 16, 16] are black and white. "
            + "Give them with the option Pixels.Range: -1 to 1, 0 to 1 or 0 to 255.");

    [Test]
    public void Load_FlatImages_AreAskedTheShapeOf() =>
        Fails(ForeignModels.Generator(flat: true), new(),
            "'{0}' has flat images, out float32 [N, 768]. Give the shape of one with the option Pixels.Shape, as 3 × 64 × 64.");

    [Test]
    public void Load_FlatImagesOfAnotherShape() =>
        Fails(ForeignModels.Generator(flat: true), new() { Shape = new(1, 16, 16) },
            "'{0}' has flat images, out float32 [N, 768], which are not 1 × 16 × 16. Correct the option Pixels.Shape.");

    [Test]
    public void Load_ImagesOfAnotherShape() =>
        Fails(ForeignModels.Generator(), new() { Shape = new(3, 8, 8) },
            "'{0}' has no image output of 3 × 8 × 8, only out float32 [N, 3, 16, 16]. Correct the option Pixels.Shape or leave it out.");

    [Test]
    public void Load_ColouredImagesSaidToBeGrey() =>
        Fails(ForeignModels.Generator(), new() { Channels = ChannelOrder.Grey },
            "'{0}' has out float32 [N, 3, 16, 16], which can't be grey. Correct the option Pixels.Channels or leave it out.");

    [Test]
    public void Load_RangeUpsideDown() =>
        Fails(ForeignModels.Generator(), new() { Range = new(1, 0) },
            "The option Pixels.Range is 1 to 0; two numbers, the lower one first, are expected.");

    [Test]
    public void Load_ShapeOfTwoChannels() =>
        Fails(ForeignModels.Generator(), new() { Shape = new(2, 8, 8) },
            "The option Pixels.Shape is 2 × 8 × 8; 1, 3 or 4 channels, and a height and a width of at least 1 are expected.");

    [Test]
    public void Load_ChannelsInTheMetadataThatNobodyKnows() =>
        Fails(ForeignModels.Generator().Metadata(TestModels.Metadata with { Pixels = new() { Channels = "cmy" } }), new(),
            "'{0}': The model's metadata says the channels are 'cmy'; rgb, bgr or grey is expected. Export the model again.");

    [Test]
    public void Load_BatchThatDoesNotFitMemory()
    {
        var path = _folder.Save(ForeignModels.Darker(null, "N", 3, "H", "W"));
        using var translator = ImageTranslator.Load(path,
            new() { Device = Device.Cpu, BatchSize = 4096, Input = new() { Range = ValueRange.Signed } });

        Assert.That(() => translator.Translate(new(new float[3 * 512 * 512], 1, 3, 512, 512)), Throws.TypeOf<ModelException>()
            .With.Message.EqualTo($"A batch of 4096 of '{path}' takes 12.9 GB; at most 2.1 GB is possible. Set the option BatchSize to "
                + "682 or less."));
    }

    private void Fails(ModelBuilder builder, PixelFormat format, string message)
    {
        var path = _folder.Save(builder);
        Assert.That(() => ImageGenerator.Load(path, OnCpu with { Pixels = format }).Dispose(),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(message.Replace("{0}", path)));
    }
}
