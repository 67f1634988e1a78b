using System.Diagnostics;
using System.Globalization;
using GanOnnx.Training;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>A DCGAN training step of ours beside the same step in Python's PyTorch (dcgan.py), same threads.</summary>
internal static class TrainingBenchmark
{
    private const int BatchSize = 64, StepsPerRound = 10, Rounds = 9;

    public static void Run()
    {
        using var python = StartPython();
        Console.WriteLine($"DCGAN 32 × 32 grey, width 64, batch {BatchSize}; {get_num_threads()} threads of {Environment.ProcessorCount} cores; PyTorch {python.StandardOutput.ReadLine()}");
        Console.WriteLine("| training step | GanOnnx, images/s | PyTorch, images/s | ratio (least … most) |");
        Console.WriteLine("|---|---|---|---|");

        using var trainer = new GanTrainer(new TrainingOptions { BatchSize = BatchSize }, channels: 1, CPU);
        var pixels = new byte[BatchSize * 32 * 32];
        new Random(0).NextBytes(pixels);
        long step = 0;
        Comparison.Print("DCGAN", Rounds, Ours, Theirs);
        python.StandardInput.Close();

        double Ours()
        {
            var time = Stopwatch.StartNew();
            for (var i = 0; i < StepsPerRound; i++)
            {
                using var batch = tensor(pixels, [BatchSize, 1, 32, 32]);
                trainer.Step(step++, batch);
            }
            trainer.Metrics.Read();
            return StepsPerRound * BatchSize / time.Elapsed.TotalSeconds;
        }

        double Theirs()
        {
            python.StandardInput.WriteLine(StepsPerRound);
            var seconds = double.Parse(python.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            return StepsPerRound * BatchSize / seconds;
        }
    }

    private static Process StartPython()
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "dcgan.py"));
        start.ArgumentList.Add($"{get_num_threads()}");
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["OMP_PROC_BIND"] = "true";
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        return Process.Start(start)!;
    }
}
