using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Inference;
using GanOnnx.Training;
using GanOnnx.Training.Evaluation;

namespace GanOnnx.Benchmarks;

/// <summary>
/// What the literature advises against mode collapse, each alone beside a plain GAN: how many of the 1,000 modes of stacked digits are
/// made after as many images. What is done already stays in the folder, so that it can be ended and started again.
/// </summary>
internal static class RemedyBenchmark
{
    private const int Pictures = 20_000, Judged = 10_000;

    private static readonly TrainingOptions _plain = new()
    {
        Architecture = "dcgan",
        Loss = "non-saturating",
        Size = StackedDigits.Size,
        Width = 16,
        SnapshotKimg = 0,
    };

    private static readonly (string Name, string Paper, TrainingOptions Options)[] _remedies =
    [
        ("plain", "Radford et al. 2015", _plain),
        ("label smoothing 0.1", "Salimans et al. 2016", _plain with { LabelSmoothing = 0.1 }),
        ("instance noise 0.1", "Sønderby et al. 2017", _plain with { Augmentations = "instance-noise:0.1" }),
        ("minibatch discrimination", "Salimans et al. 2016", _plain with { MinibatchDiscrimination = true }),
        ("gradient clipping 1", "Pascanu et al. 2013", _plain with { GradientClip = 1 }),
        ("spectral norm", "Miyato et al. 2018", _plain with { Regularizers = "spectral-norm" }),
        ("R1, weight 10", "Mescheder et al. 2018", _plain with { Regularizers = "r1:10" }),
        ("WGAN-GP, 5 critic steps", "Gulrajani et al. 2017",
            _plain with
            {
                Loss = "wasserstein",
                Regularizers = "gradient-penalty:10",
                DiscriminatorSteps = 5,
                Beta1 = 0,
                Beta2 = 0.9,
            }),
    ];

    /// <param name="digits">The digits: a folder of MNIST's files.</param>
    /// <param name="folder">Where the runs and what they came to are kept.</param>
    /// <param name="kimg">How long each is trained, in thousands of real images.</param>
    /// <param name="seeds">How many seeds each is trained with, from 1.</param>
    public static void Run(string digits, string folder, int kimg, int seeds)
    {
        Directory.CreateDirectory(folder);
        var (data, classifier) = (Path.Combine(folder, "stacked.npy"), Path.Combine(folder, "digits.onnx"));
        if (!File.Exists(data))
            StackedDigits.Write(digits, Pictures, data);
        if (!File.Exists(classifier))
            Console.WriteLine(ClassifierTraining.Run(new() { Data = digits, Split = "train", Fit = "pad", Size = StackedDigits.Size }, classifier));
        using var network = FeatureNetwork.Load(classifier, new() { Output = "scores" });
        using (var source = ImageSources.Open(data, DataOptions.Of(null, "crop"), default))
            Console.WriteLine(FormattableString.Invariant($"real pictures: {StackedDigits.Count(network, new SourceImages(source, [.. Enumerable.Range(0, Judged)], StackedDigits.Size, 3))}"));

        for (var seed = 1; seed <= seeds; seed++)
            foreach (var (name, _, options) in _remedies)
            {
                var run = Path.Combine(folder, FormattableString.Invariant($"{string.Concat(name.Where(char.IsAsciiLetterOrDigit))}-{kimg}-{seed}"));
                var result = run + ".json";
                if (File.Exists(result))
                    continue;
                var time = Stopwatch.StartNew();
                var trained = options with { Kimg = kimg, TickKimg = kimg, Seed = (ulong)seed };
                Trial.Train(new() { Data = data, Folder = run, Options = trained });
                var minutes = time.Elapsed.TotalMinutes;
                var (modes, divergence) = StackedDigits.Count(network,
                    new ModelImages(ImageGenerator.Load(Trial.Export(run)), Judged, 0, null, null));
                File.WriteAllText(result, JsonSerializer.Serialize(new Result(modes, divergence, minutes)));
                Console.WriteLine(FormattableString.Invariant($"{name}, seed {seed}: {modes} modes, divergence {divergence:0.00}, {minutes:0.0} min"));
            }
        Print(folder, kimg, seeds);
    }

    private static void Print(string folder, int kimg, int seeds)
    {
        Console.WriteLine($"| remedy | paper | modes of 1,000, by seed | divergence from equal shares, nats | minutes |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (name, paper, _) in _remedies)
        {
            var results = Enumerable.Range(1, seeds)
                .Select(seed => Path.Combine(folder, FormattableString.Invariant($"{string.Concat(name.Where(char.IsAsciiLetterOrDigit))}-{kimg}-{seed}.json")))
                .Where(File.Exists).Select(path => JsonSerializer.Deserialize<Result>(File.ReadAllText(path))!).ToList();
            Console.WriteLine($"| {name} | {paper} | {Join(r => r.Modes, "0")} | {Join(r => r.Divergence, "0.00")} | {Join(r => r.Minutes, "0.0")} |");

            string Join(Func<Result, double> figure, string format) =>
                string.Join(", ", results.Select(r => figure(r).ToString(format, CultureInfo.InvariantCulture)));
        }
    }

    private sealed record Result(int Modes, double Divergence, double Minutes);
}
