using System.Globalization;
using GanOnnx.Export;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using static TorchSharp.torch;

namespace GanOnnx.Benchmarks.Trust.Detector;

/// <summary>Trains the detector that is shipped, and tells how often it is wrong: on pictures it didn't learn from, on models it
/// didn't learn from, on real pictures of other kinds.</summary>
internal static class DetectorBenchmark
{
    private const int Count = 2000, OthersCount = 400, SmallestSide = 32, Bins = 10;
    private static readonly DetectionAnswer[] _answers = [DetectionAnswer.Generated, DetectionAnswer.CannotTell, DetectionAnswer.Real];

    private const double FalseAlarms = 0.01, Missed = 0.01, Strange = 0.01;

    /// <param name="data">The folder of data sets.</param>
    /// <param name="path">The .onnx file to write.</param>
    /// <param name="steps">How long each is trained, in batches of 64.</param>
    public static int Run(string data, string path, int steps)
    {
        var sources = DetectorPictures.Shipped(data, Count);
        using var network = DetectorTraining.Train(sources, steps);
        var limits = LimitsOf(network, sources);
        Export(network, limits, path);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps} steps; called generated from {limits.Generated:0.000} on, real up to "
            + $"{limits.Real:0.000}, nothing where it knows the kind by less than {limits.Familiar:0.000}"));
        Console.WriteLine("| pictures | AUC | generated: found, can't tell, missed | real: called generated, can't tell, passed |");
        Console.WriteLine("|---|---|---|---|");
        var all = new List<Judged>();
        foreach (var source in sources)
        {
            var judged = DetectorTraining.Judge(network, source, DetectorPart.Try);
            all.AddRange(judged);
            Print(source.Name, judged, limits);
        }
        Print("all of them", all, limits);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ROC of all: {string.Join(", ", ((double[])[0.001, 0.01, 0.05, 0.1])
            .Select(alarms => string.Create(CultureInfo.InvariantCulture, $"{Found(all, alarms):0.0 %} found at {alarms:0.0 %} false alarms")))}"));
        foreach (var source in DetectorPictures.Others(data, OthersCount))
            Print(source.Name, DetectorTraining.Judge(network, source), limits);
        foreach (var left in sources)
        {
            var rest = sources.Where(source => source != left).ToList();
            using var other = DetectorTraining.Train(rest, steps);
            Print($"{left.Name}, left out", DetectorTraining.Judge(other, left, DetectorPart.Try), LimitsOf(other, rest));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"expected calibration error {CalibrationError(all):0.000}: {all.Count} pictures, {Bins} bins"));
        return 0;
    }

    private static void Export(DetectorNetwork network, DetectorLimits limits, string path)
    {
        using var example = zeros([1, 3, 64, 64]);
        OnnxExporter.Export(network, [example], path, new OnnxExportOptions
        {
            InputNames = ["image"],
            OutputNames = ["probability", "familiarity"],
            DynamicAxes = [DynamicAxis.Batch, new("H", 2) { VerifiedSizes = [32, 61] }, new("W", 3) { VerifiedSizes = [32, 131] }],
            Metadata = [.. new ModelMetadata { Task = ModelTask.Score, Architecture = "detector", License = "CC-BY-SA-4.0" }.ToProperties(),
                new(PictureDetector.Key, limits.Write())],
        });
    }

    private static DetectorLimits LimitsOf(DetectorNetwork network, IReadOnlyList<DetectorSource> sources)
    {
        var judged = sources.SelectMany(source => DetectorTraining.Judge(network, source, DetectorPart.Calibrate)).ToList();
        return new(Math.Max(0.5, Quantile(judged.Where(j => !j.Made).Select(j => j.Probability), 1 - FalseAlarms)),
            Math.Min(0.5, Quantile(judged.Where(j => j.Made).Select(j => j.Probability), Missed)),
            Quantile(judged.Select(j => j.Familiarity), Strange), SmallestSide, FalseAlarms,
            "garments of Fashion-MNIST, pixel characters of the Liberated Pixel Cup and emoji of OpenMoji, 32 to 128 pixels, and what this project's models make of them");
    }

    private static double Quantile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Round(part * (sorted.Length - 1))];
    }

    private static void Print(string name, IReadOnlyList<Judged> judged, DetectorLimits limits)
    {
        var (made, real) = (judged.Where(j => j.Made).ToList(), judged.Where(j => !j.Made).ToList());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {(made.Count > 0 && real.Count > 0 ? $"{Area(made, real):0.000}" : "")} | {Shares(made)} | {Shares(real)} |"));

        string Shares(List<Judged> some) => some.Count == 0 ? "" : string.Join(", ",
            _answers.Select(answer => string.Create(
                CultureInfo.InvariantCulture, $"{100.0 * some.Count(j => limits.Answer(j.Probability, j.Familiarity) == answer) / some.Count:0.0} %")));
    }

    // The chance that a generated one gets more than a real one.
    private static double Area(IReadOnlyList<Judged> made, IReadOnlyList<Judged> real)
    {
        var wins = 0.0;
        foreach (var m in made)
            foreach (var r in real)
                wins += m.Probability > r.Probability ? 1 : m.Probability == r.Probability ? 0.5 : 0;
        return wins / made.Count / real.Count;
    }

    private static double Found(IReadOnlyList<Judged> judged, double falseAlarms)
    {
        var threshold = Quantile(judged.Where(j => !j.Made).Select(j => j.Probability), 1 - falseAlarms);
        return judged.Where(j => j.Made).Average(j => j.Probability > threshold ? 1 : 0);
    }

    // C. Guo et al., 2017, https://arxiv.org/abs/1706.04599.
    private static double CalibrationError(IReadOnlyList<Judged> judged) => judged
        .GroupBy(j => Math.Min(Bins - 1, (int)(j.Probability * Bins)))
        .Sum(bin => Math.Abs(bin.Average(j => j.Probability) - bin.Average(j => j.Made ? 1 : 0)) * bin.Count() / judged.Count);
}
