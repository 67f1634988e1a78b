using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

public sealed class ImageGeneratorTests : IDisposable
{
    // Sums are ordered differently at different batch sizes; values are about 1.
    private const float Tolerance = 1e-5f;

    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1 };
    private static readonly string[] Digits = ["zero", "one", "two", "three", "four"];

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(64)]
    public void Generate_AnyBatchSize_GivesTheSameImages(int batchSize)
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        using var reference = ImageGenerator.Load(path, OnCpu with { BatchSize = 16 });
        using var generator = ImageGenerator.Load(path, OnCpu with { BatchSize = batchSize });

        var images = generator.Generate(50, seed: 3);

        Assert.That(images.Values.ToArray(), Is.EqualTo(reference.Generate(50, seed: 3).Values.ToArray()).Within(Tolerance));
        Assert.That((images.Count, images.Channels, images.Height, images.Width), Is.EqualTo((50, 3, 16, 16)));
        Assert.That(Spread(images), Is.GreaterThan(0.1), "the images differ from each other and are no flat grey");
    }

    [TestCase(1, 1)]
    [TestCase(7, 8)]
    [TestCase(23, 64)]
    public void Generate_PaddedBatches_GivesTheSameImages(int count, int batchSize)
    {
        var path = _folder.Save(TestModels.Generator(TestModels.Metadata));
        using var reference = ImageGenerator.Load(path, OnCpu with { PadBatches = false });
        using var generator = ImageGenerator.Load(path, OnCpu with { BatchSize = batchSize, PadBatches = true });
        generator.Generate(batchSize, seed: 99);

        Assert.That(generator.Generate(count, seed: 3).Values.ToArray(),
            Is.EqualTo(reference.Generate(count, seed: 3).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Generate_OtherSeed_GivesOtherImages()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);

        Assert.That(Distance(generator.Generate(1, seed: 1)[0], generator.Generate(1, seed: 2)[0]), Is.GreaterThan(0.1));
    }

    [Test]
    public void Generate_InShards_GivesTheImagesOfOneRun()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);

        var whole = generator.Generate(20, seed: 8).Values.ToArray();
        var head = generator.Generate(13, seed: 8).Values.ToArray();
        var tail = generator.Generate(7, seed: 8, first: 13).Values.ToArray();

        Assert.That(head.Concat(tail), Is.EqualTo(whole).Within(Tolerance));
    }

    [Test]
    public void FromLatents_LatentsOfTheSampler_GivesTheImagesOfTheSeed()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);
        var latents = new float[20 * TestModels.LatentSize];
        new LatentSampler(TestModels.LatentSize).Fill(11, 0, latents);

        Assert.That(generator.FromLatents(latents).Values.ToArray(),
            Is.EqualTo(generator.Generate(20, seed: 11).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Load_UniformLatentInTheMetadata_DrawsUniformLatents()
    {
        var path = _folder.Save(TestModels.Generator(
            TestModels.Metadata with { Latent = new(LatentDistribution.Uniform, TestModels.LatentSize) }));
        using var generator = ImageGenerator.Load(path, OnCpu);
        var latents = new float[TestModels.LatentSize];
        new LatentSampler(TestModels.LatentSize, LatentDistribution.Uniform).Fill(11, 0, latents);

        Assert.That(generator.Generate(1, seed: 11).Values.ToArray(),
            Is.EqualTo(generator.FromLatents(latents).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Stream_ChosenSeeds_GivesEachSeedsImageInOrder()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu with { BatchSize = 2 });
        ulong[] seeds = [0, 4, 5, 6, 4];

        var batches = generator.Stream(seeds.Select(seed => new Sample(seed))).ToList();

        Assert.That(batches.Select(b => b.Count), Is.EqualTo(new[] { 2, 2, 1 }));
        for (var i = 0; i < seeds.Length; i++)
            Assert.That(batches[i / 2][i % 2].ToArray(), Is.EqualTo(generator.Generate(1, seeds[i])[0].ToArray()).Within(Tolerance));
    }

    [Test]
    public void Stream_IsRead_OnlyAsFarAsAsked()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu with { BatchSize = 4 });
        var asked = 0;

        var first = generator.Stream(Enumerable.Range(0, 1_000_000).Select(i => new Sample(0, (ulong)asked++))).First();

        Assert.That((first.Count, asked), Is.EqualTo((4, 4)));
    }

    [Test]
    public void Generate_Label_ReachesTheModel()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.LabelAsPixel(Digits)), OnCpu);

        Assert.That(generator.Generate(40, label: generator.Model.FindLabel("THREE")).Values.ToArray(), Is.All.EqualTo(3f));
    }

    [Test]
    public void Generate_NoLabel_DrawsLabelsFromTheSeed()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.LabelAsPixel(Digits)), OnCpu);
        var expected = Enumerable.Range(0, 40).Select(i => (float)LatentSampler.Label(6, (ulong)i, Digits.Length));

        Assert.That(generator.Generate(40, seed: 6).Values.ToArray(), Is.EqualTo(expected));
        Assert.That(generator.Stream([new(6, 1), new(6, 2, Label: 4), new(6, 3)]).Single().Values.ToArray(),
            Is.EqualTo(new[] { expected.ElementAt(1), 4f, expected.ElementAt(3) }));
    }

    [Test]
    public void FromLatents_Labels_ReachTheModel()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.LabelAsPixel(Digits)), OnCpu with { BatchSize = 2 });

        var images = generator.FromLatents(new float[3 * TestModels.LatentSize], new[] { 4, 0, 2 });

        Assert.That(images.Values.ToArray(), Is.EqualTo(new[] { 4f, 0f, 2f }));
    }

    [Test]
    public void Generate_LabelOfAConditionalGenerator_ChangesTheImage()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Conditional(Digits, 5)), OnCpu);

        Assert.That(Distance(generator.Generate(1, label: 0)[0], generator.Generate(1, label: 1)[0]), Is.GreaterThan(0.1));
    }

    [Test]
    public void Load_ClassesInTheOptions_NameAForeignModelsLabels()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Conditional([], 5)), OnCpu with { Classes = Digits });

        Assert.That(generator.Model.FindLabel("two"), Is.EqualTo(2));
        Assert.That(() => generator.Generate(3), Throws.Nothing);
    }

    [Test]
    public void Generate_Truncation_ScalesTheLatent()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Truncated()), OnCpu);
        var latents = new float[TestModels.LatentSize];
        new LatentSampler(TestModels.LatentSize).Fill(2, 0, latents);

        var truncated = generator.Generate(1, seed: 2, truncation: 0.5f);

        Assert.That(truncated.Values.ToArray(),
            Is.EqualTo(generator.FromLatents(latents.Select(z => z / 2).ToArray()).Values.ToArray()).Within(Tolerance));
        Assert.That(Distance(truncated[0], generator.Generate(1, seed: 2)[0]), Is.GreaterThan(0.01));
    }

    [Test]
    public async Task Streams_EverySample_HasItsOwnTruncation()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Truncated()), OnCpu with { BatchSize = 3 });
        float?[] truncations = [0.5f, null, 0.25f, 0, null, 1.5f, -1];
        var samples = truncations.Select((truncation, i) => new Sample(2, (ulong)i, Truncation: truncation)).ToList();

        foreach (var ofAll in new float?[] { null, 0.75f })
        {
            var streamed = generator.Stream(samples, ofAll).SelectMany(Rows).ToList();
            var ahead = new List<float[]>();
            await foreach (var batch in generator.StreamAsync(samples, ofAll))
                ahead.AddRange(Rows(batch));

            Assert.That(ahead, Is.EqualTo(streamed).Within(Tolerance));
            for (var i = 0; i < samples.Count; i++)
                Assert.That(streamed[i],
                    Is.EqualTo(generator.Generate(1, seed: 2, truncation: truncations[i] ?? ofAll, first: (ulong)i)[0].ToArray())
                        .Within(Tolerance));
        }
    }

    [Test]
    public void Load_OpenImageSize_FindsTheSize()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.OpenHeight()), OnCpu);

        Assert.That((generator.Model.Height, generator.Generate(2).Height, generator.Generate(2).Width),
            Is.EqualTo((default(int?), 16, 16)));
    }

    [Test]
    public void Load_Folder_DescribesTheModelInIt()
    {
        var path = _folder.Save(TestModels.Conditional(Digits, 5));

        using var generator = ImageGenerator.Load(_folder.Path, OnCpu);

        var model = generator.Model;
        Assert.Multiple(() =>
        {
            Assert.That(model.Path, Is.EqualTo(path));
            Assert.That(model.FileSize, Is.EqualTo(new FileInfo(path).Length));
            Assert.That(model.Sha256, Is.EqualTo(
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));
            Assert.That(model.Inputs.Select(t => t.ToString()), Is.EqualTo(new[] { "z float32 [N, 24]", "label int64 [N]" }));
            Assert.That(model.Outputs.Select(t => t.ToString()), Is.EqualTo(new[] { "image float32 [N, 3, 16, 16]" }));
            Assert.That(model.Metadata!.Architecture, Is.EqualTo("tiny"));
            Assert.That(model.Classes, Is.EqualTo(Digits));
            Assert.That((model.LatentSize, model.IsConditional, model.HasTruncation), Is.EqualTo((24, true, false)));
            Assert.That((model.Channels, model.Height, model.Width), Is.EqualTo(((int?)3, (int?)16, (int?)16)));
            Assert.That((generator.Provider, generator.Notice, generator.BatchSize),
                Is.EqualTo(("CPUExecutionProvider", default(string), 16)));
        });
    }

    [Test]
    public void Generate_FromManyThreads_GivesTheImagesOfOne()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu with { BatchSize = 3 });
        var expected = Enumerable.Range(0, 8).Select(seed => generator.Generate(10, (ulong)seed).Values.ToArray()).ToList();

        Parallel.For(0, 64, new() { MaxDegreeOfParallelism = 8 }, i =>
            Assert.That(generator.Generate(10, (ulong)i % 8).Values.ToArray(), Is.EqualTo(expected[i % 8]).Within(Tolerance)));
    }

    [Test]
    public void Generate_Cancelled_Stops()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);

        Assert.That(() => generator.Generate(10, cancellation: new(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Generate_AfterDispose_Throws()
    {
        var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);
        generator.Dispose();
        generator.Dispose();

        Assert.That(() => generator.Generate(1), Throws.TypeOf<ObjectDisposedException>());
    }

    private static IEnumerable<float[]> Rows(ImageBatch batch) => Enumerable.Range(0, batch.Count).Select(i => batch[i].ToArray());

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += Math.Abs(a[i] - b[i]);
        return sum / a.Length;
    }

    private static double Spread(ImageBatch images)
    {
        var least = double.MaxValue;
        for (var i = 1; i < images.Count; i++)
            least = Math.Min(least, Distance(images[i], images[i - 1]));
        return least;
    }
}
