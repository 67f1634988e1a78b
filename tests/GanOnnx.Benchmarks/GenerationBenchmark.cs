using System.Diagnostics;
using GanOnnx.Inference;

namespace GanOnnx.Benchmarks;

/// <summary>
/// <see cref="ImageGenerator"/>, which also draws the latents and hands out every image, beside bare loops of ONNX Runtime's
/// Run over the same input and output buffers: one session as it comes, and the best there is, a session with one thread
/// for each core, all at once.
/// </summary>
internal static class GenerationBenchmark
{
    private const int Rounds = 15, ImagesPerCall = 512;
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(0.5);

    public static void Run(string model)
    {
        Console.WriteLine($"{model}, {Environment.ProcessorCount} cores");
        Console.WriteLine("| generation | GanOnnx, images/s | bare, one session per core | bare, default session | ratio to the first (least … most) | ratio to the second |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var batch in new[] { 1, 16, 64 })
        {
            using var generator = ImageGenerator.Load(model, new ImageGeneratorOptions { Device = Device.Cpu, BatchSize = batch });
            using var best = new BareSessions(model, batch, generator.Model, Environment.ProcessorCount, threads: 1);
            using var plain = new BareSessions(model, batch, generator.Model, 1, threads: 0);
            Comparison.Print($"batch {batch}", Rounds, () => Rate(generator), () => best.Rate(_round), () => plain.Rate(_round));
            Console.Error.WriteLine($"batch {batch}: GanOnnx runs {generator.ParallelBatches} at the same time.");
        }
    }

    private static double Rate(ImageGenerator generator)
    {
        var time = Stopwatch.StartNew();
        long images = 0;
        for (; time.Elapsed < _round; images += ImagesPerCall)
            generator.Generate(ImagesPerCall);
        return images / time.Elapsed.TotalSeconds;
    }
}
