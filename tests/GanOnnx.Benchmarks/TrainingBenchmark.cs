using System.Diagnostics;
using System.Globalization;
using GanOnnx.Training;
using GanOnnx.Training.Data;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>A DCGAN training step of ours beside the same step in Python's PyTorch (dcgan.py), same threads.</summary>
internal static class TrainingBenchmark
{
    private const int BatchSize = 64, StepsPerRound = 10, Rounds = 9;

    public static void Run()
    {
        // Before the first use of libtorch here, which may pin this thread to one core: a child would be kept to that core.
        using var same = StartPython("passive");
        using var python = StartPython(null);
        set_num_threads(Environment.ProcessorCount);
        same.StandardOutput.ReadLine();
        Console.WriteLine($"DCGAN 32 × 32 grey, width 64, batch {BatchSize}; {get_num_threads()} threads of {Environment.ProcessorCount} cores; PyTorch {python.StandardOutput.ReadLine()}");
        Console.WriteLine("| training step | GanOnnx, images/s | PyTorch, images/s | ratio (least … most) |");
        Console.WriteLine("|---|---|---|---|");

        using var trainer = new GanTrainer(new TrainingOptions { BatchSize = BatchSize }, channels: 1, classes: 0, CPU);
        var pixels = new byte[BatchSize * 32 * 32];
        new Random(0).NextBytes(pixels);
        long step = 0;
        Comparison.Print("DCGAN, threads wait alike (passively)", Rounds, Ours, () => Theirs(same));
        Comparison.Print("DCGAN, PyTorch's threads wait as it likes", Rounds, Ours, () => Theirs(python));
        same.StandardInput.Close();
        python.StandardInput.Close();

        double Ours()
        {
            var time = Stopwatch.StartNew();
            for (var i = 0; i < StepsPerRound; i++)
            {
                using var batch = new TrainingBatch(tensor(pixels, [BatchSize, 1, 32, 32]), null);
                trainer.Step(step++, [batch]);
            }
            trainer.Metrics.Read();
            return StepsPerRound * BatchSize / time.Elapsed.TotalSeconds;
        }

        static double Theirs(Process peer)
        {
            peer.StandardInput.WriteLine(StepsPerRound);
            var seconds = double.Parse(peer.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            return StepsPerRound * BatchSize / seconds;
        }
    }

    // A null policy is libgomp's own: wait awake for a moment, then sleep.
    private static Process StartPython(string? waitPolicy)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "dcgan.py"));
        start.ArgumentList.Add($"{Environment.ProcessorCount}");
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["OMP_PROC_BIND"] = "true";
        start.Environment["OMP_WAIT_POLICY"] = waitPolicy;
        return Process.Start(start)!;
    }
}
