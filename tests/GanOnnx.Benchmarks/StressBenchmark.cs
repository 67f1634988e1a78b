using System.Diagnostics;
using System.Globalization;
using GanOnnx.Inference;

namespace GanOnnx.Benchmarks;

/// <summary>64 threads that ask one generator for images in every way, and compare each image with the one it must be.</summary>
internal static class StressBenchmark
{
    private const int Threads = 64, Seeds = 16, MostImages = 12;

    // Sums are ordered differently at different batch sizes.
    private const float Tolerance = 1e-5f;

    public static async Task Run(string model, TimeSpan duration)
    {
        using var generator = ImageGenerator.Load(model, new ImageGeneratorOptions { Device = Device.Cpu, QueueLimit = int.MaxValue });
        var expected = Enumerable.Range(0, Seeds).Select(seed => generator.Generate(MostImages, (ulong)seed)).ToArray();
        var (calls, images, wrong) = (0L, 0L, 0L);
        var time = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
        {
            for (var call = 0; time.Elapsed < duration; call++)
            {
                var (seed, count) = ((thread + call) % Seeds, 1 + (thread * 7 + call) % MostImages);
                var batch = thread % 2 == 0
                    ? generator.Generate(count, (ulong)seed)
                    : generator.GenerateAsync(count, (ulong)seed).GetAwaiter().GetResult();
                Interlocked.Increment(ref calls);
                Interlocked.Add(ref images, batch.Count);
                if (batch.Count != count || Furthest(batch.Values, expected[seed].Values) > Tolerance)
                    Interlocked.Increment(ref wrong);
            }
        }, TaskCreationOptions.LongRunning)));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Threads} threads, {time.Elapsed.TotalSeconds:0} s: {calls:#,0} calls, {images:#,0} images "
                + $"({images / time.Elapsed.TotalSeconds:#,0}/s), {wrong} calls with wrong images"));
    }

    private static float Furthest(ReadOnlySpan<float> images, ReadOnlySpan<float> expected)
    {
        var furthest = 0f;
        for (var i = 0; i < images.Length; i++)
            furthest = Math.Max(furthest, Math.Abs(images[i] - expected[i]));
        return furthest;
    }
}
