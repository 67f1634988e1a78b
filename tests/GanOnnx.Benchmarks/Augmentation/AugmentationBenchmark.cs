using System.Diagnostics;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Inference;
using GanOnnx.Training;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Benchmarks.Augmentation;

/// <summary>
/// Whether generated images help where real ones are few: classifiers trained with and without them, and tried on real images that neither
/// they nor the GAN saw. The GAN sees the few images only.
/// </summary>
internal static class AugmentationBenchmark
{
    private const int Size = 32, Tested = 2000, Seeds = 3;

    private const string Source = "few";

    private static readonly string[] _sets = ["fashion-mnist", "cifar10-jpg"];
    private static readonly int[] _perClass = [20, 100, 500];

    /// <param name="minutes">How long each GAN is trained at most, in minutes of a core.</param>
    /// <param name="folder">Where the results are kept; cells that are there aren't measured again.</param>
    /// <param name="most">How many cells to measure at most.</param>
    public static void Run(double minutes, string folder, int most)
    {
        var data = Environment.GetEnvironmentVariable("GANONNX_DATA") ?? "../shared/data";
        var results = Path.Combine(folder, "augment.jsonl");
        Directory.CreateDirectory(folder);
        ImageSources.Register(Source, _ => _few!);
        using var network = FeatureNetwork.OfResNet18(Device.Cpu);
        var missing = from seed in Enumerable.Range(1, Seeds)
                      from perClass in _perClass
                      from set in _sets
                      where !Cell.Read(results).Any(cell =>
                          (cell.Set, cell.PerClass, cell.Seed, cell.Minutes) == (set, perClass, seed, minutes))
                      select (set, perClass, seed);
        foreach (var (set, perClass, seed) in missing.ToArray().Take(most))
        {
            Console.Error.WriteLine($"{set}, {perClass} per class, seed {seed}");
            var time = Stopwatch.StartNew();
            var cell = Measure(network, Path.Combine(data, set), set, perClass, seed, minutes);
            cell.Append(results);
            Console.Error.WriteLine(FormattableString.Invariant($"{cell} in {time.Elapsed.TotalMinutes:0.0} min"));
        }
        foreach (var line in Cell.Table(Cell.Read(results).Where(cell => cell.Minutes == minutes)))
            Console.WriteLine(line);
    }

    // What the registered source opens; trainings follow one another.
    private static FewImages? _few;

    private static Cell Measure(FeatureNetwork network, string path, string set, int perClass, int seed, double minutes)
    {
        using var train = ImageSources.Open(path, new DataOptions("train"));
        using var test = ImageSources.Open(path, new DataOptions("test"));
        _few = new FewImages(train, perClass, (ulong)seed);
        var stamp = (train as IDescribed)?.Stamp;
        var (classes, channels) = (train.Classes.Count, train.Channels);
        var tested = LabelledImages.Of(network, new SourceImages(test, RealImages.Spread(test.Count, Tested), Size, channels),
            $"{stamp}|test|{Tested}");
        var real = LabelledImages.Of(network, new SourceImages(train, _few.Chosen, Size, channels), $"{stamp}|train|{perClass}|{seed}");
        Console.Error.WriteLine("  real images are read; the GAN is trained");
        var (generated, kimg) = Generate(network, real.Count, classes, seed, minutes);
        var both = real.With(generated);
        Console.Error.WriteLine(FormattableString.Invariant($"  generated after {kimg:0.0} kimg; the classifiers are trained"));
        return new(set, perClass, seed, minutes, kimg,
            Accuracy.OfSdca(real, tested),
            Accuracy.OfSdca(both, tested),
            Accuracy.OfSmallNetwork(real, tested, Size, channels, classes, (ulong)seed),
            Accuracy.OfSmallNetwork(both, tested, Size, channels, classes, (ulong)seed));
    }

    // Trains a GAN on the few images and makes as many again, as gan train, export and augment do.
    private static (LabelledImages Images, double Kimg) Generate(FeatureNetwork network, int count, int classes, int seed, double minutes)
    {
        var folder = Directory.CreateTempSubdirectory("ganonnx-augment-").FullName;
        try
        {
            var options = TrainingBenchmark.Preset("cgan") with { Augmentations = "diff", Seed = (ulong)seed, SnapshotKimg = 0 };
            using var stop = new CancellationTokenSource();
            Trainer.Run(new TrainingRun { Data = $"{Source}:", Folder = Path.Combine(folder, "run"), Options = options },
                new CoreTimeLimit(TimeSpan.FromMinutes(minutes), stop), stop.Token);
            var model = Trial.Export(Path.Combine(folder, "run"));
            var generator = ImageGenerator.Load(model, new() { Device = Device.Cpu });
            using var images = new ModelImages(generator, count, (ulong)seed, null, [.. Enumerable.Range(0, classes)]);
            return (LabelledImages.Of(network, images, null), generator.Model.Metadata!.Training!.ImagesSeen!.Value / 1000.0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
