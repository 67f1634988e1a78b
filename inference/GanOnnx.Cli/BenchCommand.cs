using System.CommandLine;
using System.Globalization;
using GanOnnx.Cli.Bench;
using GanOnnx.CommandLine;
using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary><c>gan bench</c>: how fast a model makes images here in every way there is, side by side.</summary>
internal static class BenchCommand
{
    private const string DefaultBatches = "1,16,64";
    private const int FewestRounds = 3;
    private const double DefaultSeconds = 5, LeastSeconds = 0.01, MostSeconds = 3600, SecondsPerRound = 1;

    private static readonly Argument<string> _model = ModelPath.Argument();
    private static readonly Argument<string[]> _others = new("OTHER")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Other files of the same model, as its int8 one: only how fast they are beside it is measured then. Of models from image to image "
            + "too.",
    };
    private static readonly Option<string?> _batches = new("--batches")
    {
        HelpName = "SIZE,…",
        Description = $"Images per run of the model, one size or several. The default is {DefaultBatches}, or the model's own where "
            + "that is fixed.",
    };
    private static readonly Option<double> _seconds = new("--seconds")
    {
        HelpName = "SECONDS",
        Description = "How long each way is measured at each batch size, in rounds of a second. The default is 5.",
        DefaultValueFactory = _ => DefaultSeconds,
    };
    private static readonly Option<Device> _device = DeviceOption.Create();
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("bench", "measure how fast a model is here", Run,
        "fashion-dcgan --batches 1,16,64",
        "fashion-dcgan fast.onnx")
    {
        _model,
        _others,
        { "Options", _batches, _seconds, _device, _json },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var path = ModelPath.Resolve(parsed.GetRequiredValue(_model));
        var asked = parsed.GetValue(_batches) is { } batches ? Batches(batches) : null;
        var seconds = parsed.GetValue(_seconds);
        if (!(seconds is >= LeastSeconds and <= MostSeconds))
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--seconds {seconds} is out of range; {LeastSeconds} to {MostSeconds} is expected."));

        // ONNX Runtime prints to standard error what it also throws.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        var rounds = Math.Max(FewestRounds, (int)(seconds / SecondsPerRound));
        if (parsed.GetValue(_others) is { Length: > 0 } others)
            return Compare(parsed, [path, .. others.Select(ModelPath.Resolve)], asked ?? Batches(DefaultBatches), rounds, seconds, stop);
        var subject = Load(path, FormatOptions.Options(parsed) with { Device = parsed.GetValue(_device) }, stop);
        asked ??= subject.FixedBatch is { } size ? [size] : Batches(DefaultBatches);
        var figures = Measure(subject, asked, rounds, TimeSpan.FromSeconds(seconds / rounds), stop);
        var about = string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(ModelPath.NameOf(subject.Model.Path))}, {subject.Provider}, "
                + $"{Environment.ProcessorCount} cores, medians (least … most) of "
                + $"{rounds} rounds of {seconds / rounds:0.##} s");
        Results.Print(parsed.GetValue(_json),
            new
            {
                model = subject.Model.Path,
                subject.Model.Sha256,
                subject.Provider,
                cores = Environment.ProcessorCount,
                rounds,
                batches = figures.Select(Report.Json)
            },
            $"{about}\n{Report.Table(figures)}");
        return ExitCode.Done;
    }

    private static int Compare(ParseResult parsed, IReadOnlyList<string> files, IReadOnlyList<int> batches, int rounds, double seconds,
        CancellationToken stop)
    {
        var progress = new ProgressLine("Measuring", batches.Count);
        var options = FormatOptions.Options(parsed) with { Device = parsed.GetValue(_device) };
        var figures = new List<(int Batch, IReadOnlyList<Figure> Files)>();
        foreach (var batch in batches)
        {
            figures.Add((batch, FileComparison.Of(files, options, batch, rounds, TimeSpan.FromSeconds(seconds / rounds), stop)));
            progress.Report(figures.Count, "batch sizes");
        }
        progress.Clear();
        var about = string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, medians (least … most) of {rounds} rounds of {seconds / rounds:0.##} s");
        Results.Print(parsed.GetValue(_json), new
        {
            cores = Environment.ProcessorCount,
            rounds,
            batches = figures.Select(batch => new
            {
                batch.Batch,
                files = batch.Files.Select(file => new
                {
                    file = file.Candidate,
                    imagesPerSecond = Math.Round(file.Median, 1),
                    toFirst = file.To(batch.Files[0]),
                }),
            }),
        }, $"{about}\n{FileComparison.Table(figures)}");
        return ExitCode.Done;
    }

    private static Subject Load(string path, ImageGeneratorOptions options, CancellationToken stop)
    {
        using var generator = ImageGenerator.Load(path, options, stop);
        if (generator.Notice is { } notice)
            Console.Error.WriteLine(notice);
        return new(generator.Loaded, options, generator.Provider);
    }

    private static List<Figures> Measure(Subject subject, IReadOnlyList<int> batches, int rounds, TimeSpan duration, CancellationToken stop)
    {
        var progress = new ProgressLine("Measuring", batches.Count);
        var figures = new List<Figures>();
        foreach (var batch in batches)
        {
            figures.Add(Measurements.Of(subject, batch, rounds, duration, stop));
            progress.Report(figures.Count, "batch sizes");
        }

        progress.Clear();
        return figures;
    }

    private static List<int> Batches(string text)
    {
        List<int> sizes = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
            sizes.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && size is > 0 and <= ModelOptions.LargestBatchSize
                ? size
                : throw new UsageException($"'{part}' in --batches {text} is no batch size; write numbers from 1 to "
                    + $"{ModelOptions.LargestBatchSize} like 1,16,64."));
        return [.. sizes.Distinct()];
    }
}
