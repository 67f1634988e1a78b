using GanOnnx.Training;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks;

/// <summary>Training steps of presets in bfloat16 beside the same steps in float32.</summary>
internal static class PrecisionBenchmark
{
    private const int Rounds = 9;

    // Steps per round: as many as there are between the rarest of a step's parts.
    private static readonly (string Preset, int Steps)[] _cases =
        [("dcgan", 8), ("dcgan-r1", 8), ("wgan-gp", 2), ("sngan", 2), ("stylegan2", 16), ("pix2pix", 8), ("cyclegan", 2)];

    public static void Run(string? only, int threads)
    {
        Console.WriteLine($"grey, image to image in color, {threads} threads");
        Console.WriteLine("| training | bfloat16, images/s | float32, images/s | ratio (least … most) |");
        Console.WriteLine("|---|---|---|---|");
        set_num_threads(threads);
        foreach (var (preset, steps) in _cases.Where(c => only is null || c.Preset == only))
            Compare(preset, steps);
        Console.WriteLine($"This CPU {(Bfloat16.IsOfTheCpu ? "says that it has" : "has no")} bfloat16; a convolution is "
            + FormattableString.Invariant($"{Bfloat16.SpeedUp:0.00} times as fast in it as in float32."));
    }

    private static void Compare(string preset, int steps)
    {
        var options = TrainingBenchmark.Preset(preset);
        var channels = options.Task == "generate" ? 1 : 3;
        using var reduced = new TrainingSteps(options with { Precision = "bf16" }, channels);
        using var full = new TrainingSteps(options, channels);
        Comparison.Print($"{preset}, {options.Size} px, batch {options.BatchSize}", Rounds, () => reduced.Take(steps), () => full.Take(steps));
    }
}
