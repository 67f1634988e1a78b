using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>Floats and bytes of the same images, whichever of them the model makes.</summary>
public sealed class ImageBatchTests : IDisposable
{
    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1 };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 0 is in the middle between 127 and 128, and goes up.
    [TestCase(-1, 0)]
    [TestCase(1, 255)]
    [TestCase(0, 128)]
    [TestCase(-1.5f, 0)]
    [TestCase(1.5f, 255)]
    [TestCase(0.5f, 191)]
    [TestCase(-0.5f, 64)]
    [TestCase(float.NaN, 0)]
    [TestCase(float.NegativeInfinity, 0)]
    [TestCase(float.PositiveInfinity, 255)]
    public void CopyBytesTo_AnyValue_RoundsToTheNearestAndClamps(float value, int expected)
    {
        var bytes = new byte[1];
        new ImageBatch([value], 1, 1, 1, 1).CopyBytesTo(0, bytes);
        Assert.That(bytes[0], Is.EqualTo(expected));
    }

    [Test]
    public void CopyBytesTo_EitherLayout_PutsTheChannelsThere()
    {
        var values = Enumerable.Range(0, 2 * 3 * 2 * 2).Select(i => (10 * i - 127.5f) / 127.5f).ToArray();
        var batch = new ImageBatch(values, 2, 3, 2, 2);
        byte[] last = new byte[12], first = new byte[12];

        batch.CopyBytesTo(1, last);
        batch.CopyBytesTo(1, first, ChannelLayout.First);

        Assert.That(first, Is.EqualTo(Enumerable.Range(12, 12).Select(i => 10 * i)));
        Assert.That(last, Is.EqualTo(new[] { 120, 160, 200, 130, 170, 210, 140, 180, 220, 150, 190, 230 }));
    }

    [Test]
    public void CopyBytesTo_TooFewBytes_Throws() => Assert.That(
        () => new ImageBatch(new float[12], 1, 3, 2, 2).CopyBytesTo(0, new byte[11]),
        Throws.ArgumentException.With.Message.StartsWith("11 bytes are too few for an image of 12."));

    [Test]
    public void CopyBytesTo_NoSuchImage_Throws([Values(-1, 2)] int image) =>
        Assert.That(() => new ImageBatch(new float[24], 2, 3, 2, 2).CopyBytesTo(image, new byte[12]),
            Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void CopyBytesTo_EveryByteOfAModel_ComesBack([Values] bool last, [Values] bool bgr, [Values] bool readBefore)
    {
        using var generator = ImageGenerator.Load(
            _folder.Save(ForeignModels.Generator(0, 255, last, bgr, bytes: true)),
                OnCpu with { Pixels = new() { Channels = bgr ? ChannelOrder.Bgr : null } });
        using var ours = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "ours.onnx"), OnCpu);
        var (made, floats) = (generator.Generate(5, seed: 4), ours.Generate(5, seed: 4));
        if (readBefore)
            _ = made.Values.Length;

        for (var image = 0; image < 5; image++)
        {
            byte[] bytes = new byte[768], expected = new byte[768];
            made.CopyBytesTo(image, bytes);
            // The graph rounds halves to even and sums in another order, so a byte may differ by one where a value is between two.
            floats.CopyBytesTo(image, expected);
            Assert.That(bytes, Is.EqualTo(expected).Within(1));
            // Each float is its byte's to the bit, so it gives the byte again.
            new ImageBatch(made[image].ToArray(), 1, 3, 16, 16).CopyBytesTo(0, expected);
            Assert.That(bytes, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Values_OfAModelThatMakesBytes_AreBetweenMinusOneAndOne()
    {
        using var generator = ImageGenerator.Load(_folder.Save(ForeignModels.Generator(0, 255, last: true, bytes: true)), OnCpu);
        var images = generator.Generate(20);

        Assert.That(images.Values.ToArray(), Is.All.InRange(-1f, 1f));
        Assert.That(images.Values.Length, Is.EqualTo(20 * 768));
    }

    // Bytes take a quarter of the memory of floats, and nothing else is allocated for them until somebody asks for floats.
    [Test]
    public void Generate_OfAModelThatMakesBytes_AllocatesBytes()
    {
        using var generator = ImageGenerator.Load(
            _folder.Save(ForeignModels.Generator(0, 255, last: true, bytes: true)), OnCpu with { ParallelBatches = 1, BatchSize = 4 });
        generator.Generate(100);
        var picture = new byte[768];
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            generator.Generate(100, seed: (ulong)i).CopyBytesTo(99, picture);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.That(least - 100 * 768, Is.LessThan(300));
    }
}
