using System.Diagnostics;
using System.Globalization;
using GanOnnx.Inference;

namespace GanOnnx.Benchmarks;

/// <summary>Streams many images and tells the memory at each tenth of the way: it must not grow.</summary>
internal static class StreamBenchmark
{
    public static async Task Run(string model, int count)
    {
        using var generator = ImageGenerator.Load(model, new ImageGeneratorOptions { Device = Device.Cpu });
        Console.WriteLine("| images | images/s | managed heap, MB | process, MB |");
        Console.WriteLine("|---|---|---|---|");
        var time = Stopwatch.StartNew();
        var (made, next) = (0, Math.Min(1000, count));
        await foreach (var batch in generator.StreamAsync(Enumerable.Range(0, count).Select(i => new Sample(0, (ulong)i))))
        {
            made += batch.Count;
            if (made < next)
                continue;

            var heap = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {made:#,0} | {made / time.Elapsed.TotalSeconds:#,0} | {heap:0.0} | {Environment.WorkingSet / 1e6:0} |"));
            next = next < count / 10 ? count / 10 : Math.Min(count, next + count / 10);
        }
    }
}
