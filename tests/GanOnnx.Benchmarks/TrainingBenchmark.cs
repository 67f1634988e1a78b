using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Training;
using GanOnnx.Training.Data;
using GanOnnx.Training.Tasks;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>Training steps of presets beside the same steps in Python's PyTorch (training/*.py), same threads.</summary>
internal static class TrainingBenchmark
{
    // Steps per round: as many as there are between the rarest of a step's parts, so that all rounds do the same work; of CycleGAN fewer,
    // whose rarest part, the gradients' norms, is a hundredth of a step. Its steps and Pix2Pix's take seconds on one core without oneDNN.
    private static readonly (string Preset, int Steps, int Rounds)[] _cases =
        [("dcgan", 16, 9), ("wgan-gp", 8, 9), ("stylegan2", 16, 9), ("pix2pix", 8, 5), ("cyclegan", 1, 3)];

    public static void Run(string? only, int threads)
    {
        Console.WriteLine($"32 × 32 grey, image to image 64 × 64 in color, {threads} threads");
        Console.WriteLine("| training | GanOnnx, images/s | PyTorch, threads wait as ours | PyTorch, as it likes | ratio (least … most) "
            + "| ratio (least … most) |");
        Console.WriteLine("|---|---|---|---|---|---|");
        // Before the first use of libtorch here, which may pin this thread to one core: a child would be kept to that core.
        var cases = _cases.Where(c => only is null || c.Preset == only)
            .Select(c => (Case: c, Same: StartPython(c.Preset, threads, "30000"), Python: StartPython(c.Preset, threads, null))).ToList();
        set_num_threads(threads);
        foreach (var (training, same, python) in cases)
            using (same)
            using (python)
                Compare(training, same, python);
    }

    private static void Compare((string Preset, int Steps, int Rounds) training, Process same, Process python)
    {
        var (preset, steps, rounds) = training;
        var options = Preset(preset);
        var kind = TrainingTasks.Of(options);
        var channels = kind.SecondImages == SecondImages.None ? 1 : 3;
        using var trainer = kind.Create(options, channels, classes: 0, CPU);
        var sizes = $"{options.BatchSize} {Count(trainer, "generator")} {Count(trainer, "discriminator")}";
        foreach (var peer in new[] { same, python })
            if (peer.StandardOutput.ReadLine() is var line && line?.EndsWith($" {sizes}", StringComparison.Ordinal) != true)
                throw new InvalidOperationException(
                    $"PyTorch's {preset} isn't ours: version, batch and parameters of the generator and the discriminator are {line}, "
                    + $"ours {sizes}.");

        var pixels = new byte[options.BatchSize * channels * options.Size * options.Size];
        new Random(0).NextBytes(pixels);
        long step = 0;
        Comparison.Print($"{preset}, {Count(trainer, "generator"):#,0} + {Count(trainer, "discriminator"):#,0} parameters, batch "
            + $"{options.BatchSize}",
            rounds, Ours, () => Theirs(same), () => Theirs(python));
        same.StandardInput.Close();
        python.StandardInput.Close();

        double Ours()
        {
            var time = Stopwatch.StartNew();
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                trainer.Step(step++, [.. Enumerable.Range(0, options.DiscriminatorSteps).Select(_ =>
                    new TrainingBatch(Images(), null) { SecondImages = channels == 1 ? null : Images() })]);
            }
            trainer.Measurements.Read();
            return steps * options.ImagesPerStep / time.Elapsed.TotalSeconds;
        }

        Tensor Images() => tensor(pixels, [options.BatchSize, channels, options.Size, options.Size]);

        double Theirs(Process peer)
        {
            peer.StandardInput.WriteLine(steps);
            var seconds = double.Parse(peer.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            return steps * options.ImagesPerStep / seconds;
        }
    }

    /// <summary>The options of a preset.</summary>
    public static TrainingOptions Preset(string name) =>
        JsonSerializer.Deserialize<TrainingOptions>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configs", $"{name}.json")),
            TrainingOptions.Json)!;

    // Of all networks of a kind: CycleGAN has two of each.
    private static long Count(ITrainingTask task, string kind) =>
        task.Networks.Where(network => network.Name.StartsWith(kind, StringComparison.Ordinal))
            .Sum(network => network.Module.parameters().Sum(p => p.numel()));

    // How long a waiting thread stays awake; null is libgomp's own, ten times ours.
    private static Process StartPython(string preset, int threads, string? spinCount)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "training", "training.py"));
        start.ArgumentList.Add($"{threads}");
        start.ArgumentList.Add(preset.Replace('-', '_'));
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["OMP_PROC_BIND"] = "true";
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment["GOMP_SPINCOUNT"] = spinCount;
        return Process.Start(start)!;
    }
}
