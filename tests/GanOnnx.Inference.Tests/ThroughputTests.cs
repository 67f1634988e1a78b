using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>How batches are shared among lanes, streamed, and what they cost.</summary>
public sealed class ThroughputTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(1, 1, 16)]
    [TestCase(1, 4, 16)]
    [TestCase(2, 1, 5)]
    [TestCase(3, 3, 1)]
    public void Generate_AnyThreadsAndParallelBatches_GivesTheSameImages(int threads, int parallel, int batchSize)
    {
        var path = _folder.Save(TestModels.Generator());
        using var reference = ImageGenerator.Load(path, OnCpu with { Threads = 1, ParallelBatches = 1 });
        using var generator = ImageGenerator.Load(path,
            OnCpu with { Threads = threads, ParallelBatches = parallel, BatchSize = batchSize });

        Assert.That(generator.ParallelBatches, Is.EqualTo(parallel));
        foreach (var count in new[] { 1, 2, 7, 100 })
            Assert.That(generator.Generate(count, seed: 3).Values.ToArray(),
                Is.EqualTo(reference.Generate(count, seed: 3).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Generate_MeasuredAtTheFirstUse_GivesTheSameImagesSoon()
    {
        var path = _folder.Save(TestModels.Generator());
        using var reference = ImageGenerator.Load(path, OnCpu with { Threads = 1, ParallelBatches = 1 });
        using var generator = ImageGenerator.Load(path, OnCpu);
        var time = System.Diagnostics.Stopwatch.StartNew();

        var images = generator.Generate(50, seed: 3);

        // A quarter of a second and what a busy machine adds.
        Assert.That(time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(generator.ParallelBatches, Is.EqualTo(1).Or.EqualTo(Environment.ProcessorCount));
        Assert.That(images.Values.ToArray(), Is.EqualTo(reference.Generate(50, seed: 3).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void Generate_ModelFileReplacedBeforeTheFirstUse_GivesTheImagesOfTheLoadedOne()
    {
        var path = _folder.Save(TestModels.Generator());
        using var generator = ImageGenerator.Load(path, OnCpu);
        using var reference = ImageGenerator.Load(path, OnCpu with { Threads = 1 });
        _folder.Save(ForeignModels.Generator(0, bgr: true));

        Assert.That(generator.Generate(3).Values.ToArray(), Is.EqualTo(reference.Generate(3).Values.ToArray()).Within(Tolerance));
    }

    [TestCase(1)]
    [TestCase(100)]
    public void Generate_AfterWarmUp_AllocatesWhatItHandsOut(int count)
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()),
            OnCpu with { Threads = 1, ParallelBatches = 2, BatchSize = 4 });
        generator.Generate(count);
        generator.Generate(count);
        var handedOut = count * 768 * sizeof(float);
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            generator.Generate(count, seed: (ulong)i);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // The array's and the batch's headers, and for more than one batch the object that shares them among threads: per call, not per
        // image.
        Assert.That(least - handedOut, Is.LessThan(count == 1 ? 100 : 300));
    }

    [TestCase(1)]
    [TestCase(5)]
    public async Task StreamAsync_ChosenSeeds_GivesTheirImagesInOrder(int readAhead)
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()),
            OnCpu with { Threads = 1, ParallelBatches = 3, BatchSize = 2, ReadAhead = readAhead });
        ulong[] seeds = [0, 4, 5, 6, 4, 1, 1, 9, 3];

        var batches = new List<ImageBatch>();
        await foreach (var batch in generator.StreamAsync(seeds.Select(seed => new Sample(seed))))
            batches.Add(batch);

        Assert.That(batches.Select(b => b.Count), Is.EqualTo(new[] { 2, 2, 2, 2, 1 }));
        for (var i = 0; i < seeds.Length; i++)
            Assert.That(batches[i / 2][i % 2].ToArray(), Is.EqualTo(generator.Generate(1, seeds[i])[0].ToArray()).Within(Tolerance));
    }

    [Test]
    public async Task StreamAsync_IsRead_OnlySoFarAhead()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()),
            OnCpu with { Threads = 1, BatchSize = 4, ReadAhead = 3 });
        var asked = 0;

        await foreach (var _ in generator.StreamAsync(Enumerable.Range(0, 1_000_000).Select(i => new Sample(0, (ulong)asked++))))
            break;

        Assert.That(asked, Is.EqualTo(3 * 4));
    }

    [Test]
    public void StreamAsync_Cancelled_Stops()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu with { Threads = 1, BatchSize = 4 });
        using var cancellation = new CancellationTokenSource();
        var read = 0;

        Assert.That(async () =>
        {
            await foreach (var _ in generator.StreamAsync(Endless(), cancellation: cancellation.Token))
                if (++read == 3)
                    await cancellation.CancelAsync();
        }, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(read, Is.EqualTo(3));
    }

    [Test]
    public void StreamAsync_WrongLabel_IsToldByName()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu with { Threads = 1 });

        Assert.That(async () =>
        {
            await foreach (var _ in generator.StreamAsync([new(0), new(1, Label: 2)]))
            {
            }
        }, Throws.TypeOf<ModelException>().With.Message.Contains("is unconditional"));
    }

    // The heap after a collection, at a tenth of the way and at its end. A leak of a byte per image would be seen.
    [Test]
    public async Task StreamAsync_ManyImages_MemoryStaysFlat()
    {
        const int Count = 100_000;
        using var generator = ImageGenerator.Load(_folder.Save(ForeignModels.Tiny()), OnCpu with { Threads = 1, BatchSize = 64 });
        var (made, early) = (0, 0L);

        await foreach (var batch in generator.StreamAsync(Endless().Take(Count)))
        {
            made += batch.Count;
            if (early == 0 && made >= Count / 10)
                early = GC.GetTotalMemory(forceFullCollection: true);
        }

        Assert.That(made, Is.EqualTo(Count));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - early, Is.LessThan(90_000));
    }

    private static IEnumerable<Sample> Endless()
    {
        for (ulong i = 0; ; i++)
            yield return new(7, i);
    }
}
