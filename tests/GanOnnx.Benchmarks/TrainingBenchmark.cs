using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GanOnnx.Training;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>Training steps of presets beside the same steps in Python's PyTorch (training/*.py), same threads.</summary>
internal static class TrainingBenchmark
{
    // Steps per round: as many as there are between the rarest of a step's parts, so that all rounds do the same work; of CycleGAN fewer,
    // whose rarest part, the gradients' norms, is a hundredth of a step. Its steps and Pix2Pix's take seconds on one core without oneDNN.
    private static readonly (string Preset, int Steps, int Rounds)[] _cases =
        [("dcgan", 16, 9), ("wgan-gp", 8, 9), ("stylegan2", 16, 9), ("pix2pix", 8, 5), ("cyclegan", 1, 3)];

    /// <param name="only">A preset; null for all.</param>
    /// <param name="threads">How many threads each has.</param>
    /// <param name="rounds">How many rounds; null for those of each preset.</param>
    public static void Run(string? only, int threads, int? rounds)
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
                Compare(training, rounds, same, python);
    }

    private static void Compare((string Preset, int Steps, int Rounds) training, int? most, Process same, Process python)
    {
        var (preset, steps, rounds) = training;
        var options = Preset(preset);
        using var ours = new TrainingSteps(options, options.Task == "generate" ? 1 : 3);
        var (generator, discriminator) = (ours.Count("generator"), ours.Count("discriminator"));
        var sizes = $"{options.BatchSize} {generator} {discriminator}";
        foreach (var peer in new[] { same, python })
            if (peer.StandardOutput.ReadLine() is var line && line?.EndsWith($" {sizes}", StringComparison.Ordinal) != true)
                throw new InvalidOperationException(
                    $"PyTorch's {preset} isn't ours: version, batch and parameters of the generator and the discriminator are {line}, "
                    + $"ours {sizes}.");

        Comparison.Print($"{preset}, {generator:#,0} + {discriminator:#,0} parameters, batch {options.BatchSize}",
            most ?? rounds, () => ours.Take(steps), () => Theirs(same), () => Theirs(python));
        same.StandardInput.Close();
        python.StandardInput.Close();

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
