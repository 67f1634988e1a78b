using GanOnnx.Data;
using GanOnnx.Export.Native;
using GanOnnx.Training;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks.NoiseToImage;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>Many training steps of a tiny network: whether memory stays flat, and whether the process survives garbage
/// collections.</summary>
internal static class TrainingEndurance
{
    private const int BatchSize = 4, Parts = 10;

    /// <param name="steps">Steps to take.</param>
    /// <param name="busy">
    /// Whether another thread allocates and collects garbage all the time, so that TorchSharp's temporaries are collected as
    /// often as can be while native code runs.
    /// </param>
    public static void Run(int steps, bool busy)
    {
        var options = new TrainingOptions
        {
            Architecture = "dcgan",
            Size = 32,
            Width = 1,
            LatentSize = 8,
            BatchSize = BatchSize,
            Regularizers = "r1:1/16",
            Augmentations = "instance-noise",
            GradientClip = 10
        };
        options.Validate();
        using var trainer = new NoiseToImageTask(options, channels: 1, classes: 0, CPU);
        var pixels = new byte[BatchSize * options.Size * options.Size];
        using var stop = new CancellationTokenSource();
        long collected = 0;
        var neighbour = busy ? Task.Run(() => MakeGarbage(stop.Token, ref collected)) : Task.CompletedTask;

        using var finalizers = new HeldFinalizers(); // as training has them
        Console.WriteLine("| steps | resident memory, MiB | garbage collections |");
        Console.WriteLine("|---|---|---|");
        for (var step = 0; step < steps; step++)
        {
            using (var batch = new TrainingBatch(tensor(pixels, [BatchSize, 1, options.Size, options.Size]), null))
                trainer.Step(step, [batch]);
            finalizers.Rest();
            if ((step + 1) % (steps / Parts) == 0)
                Console.WriteLine($"| {step + 1:#,0} | {Environment.WorkingSet / 1024 / 1024:#,0} | {GC.CollectionCount(0):#,0} |");
        }
        stop.Cancel();
        neighbour.Wait();
        if (trainer.Measurements.Read().Values.Any(v => !double.IsFinite(v)))
            throw new InvalidOperationException("A figure is no finite number.");
    }

    private static void MakeGarbage(CancellationToken stop, ref long collected)
    {
        var kept = new byte[64][];
        while (!stop.IsCancellationRequested)
        {
            kept[collected++ % kept.Length] = new byte[10_000];
            if (collected % 100 == 0)
                GC.Collect(0);
        }
    }
}
