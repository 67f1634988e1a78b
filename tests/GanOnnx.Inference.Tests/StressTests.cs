using System.Diagnostics;
using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>Many threads at once. A minute of the same is in the benchmarks: <c>stress</c>.</summary>
public sealed class StressTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    private static readonly ImageGeneratorOptions OnCpu =
        new() { Device = Device.Cpu, Threads = 1, ParallelBatches = 3, BatchSize = 8, QueueLimit = 100_000 };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Generate_From64ThreadsInEveryWay_LosesMixesUpAndRepeatsNothing()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);
        var expected = Enumerable.Range(0, 16).Select(seed => generator.Generate(12, (ulong)seed).Values.ToArray()).ToArray();
        var time = Stopwatch.StartNew();
        long calls = 0;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(thread => Task.Factory.StartNew(() =>
        {
            for (var i = 0; time.Elapsed < TimeSpan.FromSeconds(3); i++, Interlocked.Increment(ref calls))
            {
                var (seed, count) = ((thread + i) % 16, 1 + (thread * 7 + i) % 12);
                var images = (thread % 3) switch
                {
                    0 => generator.Generate(count, (ulong)seed),
                    1 => generator.GenerateAsync(count, (ulong)seed).GetAwaiter().GetResult(),
                    _ => generator.Stream(Enumerable.Range(0, count).Select(n => new Sample((ulong)seed, (ulong)n)).Take(8)).First(),
                };
                Assert.That(images.Count, Is.EqualTo(thread % 3 == 2 ? Math.Min(count, 8) : count));
                Assert.That(Furthest(images.Values, expected[seed]), Is.LessThan(Tolerance));
            }
        }, TaskCreationOptions.LongRunning)));

        Assert.That(calls, Is.GreaterThan(64));
    }

    // Small calls don't wait for the choice of workers; those under way when it is made end with their images.
    [Test]
    public async Task Generate_WhileWorkersAreChosen_LosesAndMixesUpNothing()
    {
        var path = _folder.Save(TestModels.Generator());
        for (var round = 0; round < 5; round++)
        {
            using var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu, BatchSize = 8 });
            // 32 images and fewer are 4 batches: run before any choice.
            var expected = generator.Generate(32, 3).Values.ToArray();
            var choice = Task.Factory.StartNew(() => generator.Generate(40, 3), TaskCreationOptions.LongRunning);

            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
            {
                for (var i = 0; i < 200; i++)
                    Assert.That(Furthest(generator.Generate(1 + i % 12, 3).Values, expected), Is.LessThan(Tolerance));
            }, TaskCreationOptions.LongRunning)));

            Assert.That(Furthest((await choice).Values[..expected.Length], expected), Is.LessThan(Tolerance));
        }
    }

    [Test]
    public async Task GenerateAsync_CancelledAtAnyMoment_EndsAsImagesOrCancelled()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);
        var expected = generator.Generate(12, 5).Values.ToArray();
        var (made, cancelled) = (0, 0);
        var random = new Random(1);
        var time = Stopwatch.StartNew();

        while (time.Elapsed < TimeSpan.FromSeconds(2))
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            {
                using var cancellation = new CancellationTokenSource();
                var request = generator.GenerateAsync(1 + i % 12, 5, cancellation: cancellation.Token);
                if (i % 2 == 0)
                    cancellation.CancelAfter(TimeSpan.FromMilliseconds(random.Next(3)));
                try
                {
                    Assert.That(Furthest((await request).Values, expected), Is.LessThan(Tolerance));
                    Interlocked.Increment(ref made);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
            })).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(made, Is.Positive);
        Assert.That(cancelled, Is.Positive);
        // Nothing of the cancelled ones waits any more: a request as large as the queue is accepted.
        await generator.GenerateAsync(OnCpu.QueueLimit / 100, 5).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Dispose_WhileCallsRun_EndsThemAsImagesOrClosed()
    {
        var path = _folder.Save(TestModels.Generator());
        var time = Stopwatch.StartNew();
        var closed = 0;

        for (var round = 0; time.Elapsed < TimeSpan.FromSeconds(4); round++)
        {
            // Every other one is closed while it measures.
            var generator = ImageGenerator.Load(path, round % 2 == 0 ? OnCpu : new() { Device = Device.Cpu });
            var callers = Enumerable.Range(0, 12).Select(caller => Task.Factory.StartNew(() =>
            {
                try
                {
                    while (true)
                        Call(generator, caller);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref closed);
                }
            }, TaskCreationOptions.LongRunning)).ToArray();
            await Task.Delay(round % 7 * 5);

            await Task.WhenAll(Task.Run(generator.Dispose), Task.Run(generator.Dispose)).WaitAsync(TimeSpan.FromSeconds(60));
            await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60));
        }

        Assert.That(closed, Is.Positive.And.EqualTo(closed / 12 * 12));
    }

    private static void Call(ImageGenerator generator, int caller)
    {
        switch (caller % 4)
        {
            case 0:
                generator.Generate(20);
                break;
            case 1:
                generator.GenerateAsync(3).GetAwaiter().GetResult();
                break;
            case 2:
                generator.Generate(1);
                break;
            default:
                generator.StreamAsync(Enumerable.Range(0, 50).Select(i => new Sample(0, (ulong)i))).ToBlockingEnumerable().Count();
                break;
        }
    }

    private static float Furthest(ReadOnlySpan<float> images, ReadOnlySpan<float> expected)
    {
        var furthest = 0f;
        for (var i = 0; i < images.Length; i++)
            furthest = Math.Max(furthest, Math.Abs(images[i] - expected[i]));
        return furthest;
    }
}
