using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Inference;

namespace GanOnnx.Cli;

/// <summary><c>gan evaluate</c>: tells how good a model's images, or pictures, are beside real ones, or beside what it should make of
/// pictures.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> _subject = new("MODEL|PICTURES")
    {
        Description = "An .onnx file, a folder with model.onnx, a name under models/, pictures as --data takes them, or a training run: its "
            + "folder, or a snapshot's file.",
        CompletionSources = { _ => ModelPath.Names },
    };
    private static readonly Option<string> _at = new("--at")
    {
        HelpName = "KIMG|best|last",
        Description = "Which state of a run, as gan export --at takes it. The default is the best where training measured it, else the last.",
    };
    private static readonly Option<string> _data = new("--data")
    {
        HelpName = "SOURCE",
        Description = "The real images: what gan train --data takes. The default for a run is what it was trained on; others have none. Of a model "
            + "from image to image, the pictures that go in; of one that enlarges, without --target, those that should come out.",
    };
    private static readonly Option<string> _target = new("--target")
    {
        HelpName = "SOURCE",
        Description = "The pictures that a model from image to image should make of those of --data, of the same names, endings apart.",
    };
    private static readonly Option<string> _split =
        new("--split")
        {
            Description = "Which part of the real images, as test, where they are divided into some. The default for a run's "
            + "own data is the run's."
        };
    private static readonly Option<string> _fit = new Option<string>("--fit")
    {
        HelpName = "crop|pad|stretch",
        DefaultValueFactory = _ => "crop",
        Description = "How pictures that aren't square become it. The default is crop; for a run's own data, the run's.",
    }.AcceptOnlyFromAmong("crop", "pad", "stretch");
    private static readonly Option<int> _count = new("--count")
    {
        DefaultValueFactory = _ => EvaluationOptions.UsualCount,
        Description = "How many images of each kind, at most. The default is 10,000, as is usual.",
    };
    private static readonly Option<ulong> _seed = new("--seed") { Description = "The seed of the images. The default is 0." };
    private static readonly Option<float?> _truncation =
        new("--truncation") { HelpName = "NUMBER", Description = "Truncation ψ of the images, for models that have it. The default is none." };
    private static readonly Option<float[]> _sweep = new("--sweep")
    {
        HelpName = "NUMBER,…",
        Description = "Truncations that the figures are told at as well, as 0.5,0.7,0.9: quality against variety.",
        CustomParser = Numbers,
    };
    private static readonly Option<bool> _anyway =
        new("--anyway") { Description = "Go on where the model and the real images differ in channels, size or classes." };
    private static readonly Option<string> _metrics = new("--metrics")
    {
        HelpName = "METRIC,…",
        Description = $"Which figures, of {string.Join(", ", EvaluationMetrics.Names)}. The default is all.",
        CompletionSources = { _ => EvaluationMetrics.Names },
    };
    private static readonly Option<string> _features = new("--features")
    {
        HelpName = "FILE",
        Description = "The .onnx file of a feature network of your own, as Inception. The default is ResNet-18, which comes along.",
    };
    private static readonly Option<string> _protocol = new Option<string>("--protocol")
    {
        HelpName = "clean|legacy",
        DefaultValueFactory = _ => "clean",
        Description = "How images become the network's size: as clean-fid does it, or as the first FID code. The default is clean.",
    }.AcceptOnlyFromAmong("clean", "legacy");
    private static readonly Option<float[]> _featuresRange = new("--features-range")
    {
        HelpName = "LOW,HIGH",
        Description = "The values of black and white that the feature network takes. The default is -1,1.",
        CustomParser = Numbers,
    };
    private static readonly Option<string> _classifier = new("--classifier")
    {
        HelpName = "FILE",
        Description = "A classifier that gan classifier trained: tells whether labels are obeyed and all classes made.",
    };
    private static readonly Option<string> _report =
        new("--report") { HelpName = "FILE", Description = "An .html page with the figures, the images and those nearest to real ones." };
    private static readonly Option<Device> _device = DeviceOption.Create();
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("evaluate", "tell how good images are beside real ones", Run,
        "fashion-dcgan --data fashion-mnist/ --report fashion.html",
        "mine.onnx --data pictures/ --count 5000 --json",
        "runs/mine --report mine.html",
        "runs/mine --at 200 --data pictures/ --split test",
        "generated/ --data pictures/ --metrics fd,prdc",
        "mine.onnx --data pictures/ --features inception.onnx --protocol legacy",
        "pix2pix.onnx --data sketches/ --target drawings/ --report pairs.html",
        "upscaler.onnx --data Set5/")
    {
        _subject,
        { "What is compared", _at, _data, _target, _split, _fit, _count, _seed, _truncation, _sweep, _anyway },
        { "The figures", _metrics, _features, _protocol, _featuresRange, _classifier },
        { "The result", _report, _json },
        { "How", _device },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var typed = parsed.GetRequiredValue(_subject);
        var run = ModelPath.IsRun(typed) ? typed : null;
        if (run is null && parsed.GetValue(_at) is { } at)
            throw new UsageException($"'{typed}' is no training run, and only a run has states to choose from; leave {_at.Name} {at} out.");
        var data = DataOf(parsed, run);
        var report = parsed.GetValue(_report);
        if (report is not null)
            CheckReport(report);
        var options = Options(parsed, run ?? Resolve(typed), data);
        if (run is null)
            return PairEvaluation.IsFor(options.Subject, stop) ? TellPairs(parsed, options, report, stop)
                : Tell(parsed, options, report, stop);
        using var exported = RunExport.Of(run, parsed.GetValue(_at), stop);
        if (PairEvaluation.IsFor(exported.Path, stop))
            return TellPairs(parsed, options with { Subject = exported.Path, SubjectName = exported.Name }, report, stop);
        // Its own data fits, larger or smaller: that is what it was trained on.
        var isOwn = parsed.GetValue(_data) is null;
        return Tell(parsed, options with
        {
            Subject = exported.Path,
            SubjectName = exported.Name,
            AllowMismatch = options.AllowMismatch || isOwn,
        }, report, stop);
    }

    // A run knows what it was trained on.
    private static RunSource DataOf(ParseResult parsed, string? run)
    {
        var fit = parsed.GetResult(_fit) is { Implicit: false } ? parsed.GetValue(_fit) : null;
        if (parsed.GetValue(_data) is { } data)
            return new(data, parsed.GetValue(_split), fit ?? "crop");
        if (run is null)
            throw new UsageException($"Say with {_data.Name} what the real images are; only a training run knows its own.");
        var source = RunSource.Find(run)
            ?? throw new UsageException($"'{run}' doesn't say what it was trained on. Give the real images with {_data.Name}.");
        if (!source.IsThere)
            throw new UsageException($"'{source.Source}', which '{run}' was trained on, isn't there any more. Give the real images with {_data.Name}.");
        source = source with { Split = parsed.GetValue(_split) ?? source.Split, Fit = fit ?? source.Fit };
        Console.Error.WriteLine(PlainText.Of($"the real images are those of the run: {source.Source}"
            + $"{(source.Split is { } split ? $", split {split}" : "")}, fit {source.Fit}"));
        return source;
    }

    private static EvaluationOptions Options(ParseResult parsed, string subject, RunSource data) => new()
    {
        Subject = subject,
        Data = data.Source,
        Split = data.Split,
        Fit = data.Fit,
        Count = parsed.GetValue(_count),
        Seed = parsed.GetValue(_seed),
        Truncation = parsed.GetValue(_truncation),
        Sweep = parsed.GetValue(_sweep) ?? [],
        Metrics = parsed.GetValue(_metrics)?.Split(',') ?? EvaluationMetrics.Names,
        Features = parsed.GetValue(_features),
        Resizing = parsed.GetValue(_protocol) == "legacy" ? Resizing.Legacy : Resizing.Clean,
        FeaturePixels = new() { Range = parsed.GetValue(_featuresRange) is [var low, var high] ? new ValueRange(low, high) : null },
        Classifier = parsed.GetValue(_classifier),
        AllowMismatch = parsed.GetValue(_anyway),
        Generator = FormatOptions.Options(parsed) with { Device = parsed.GetValue(_device) },
    };

    private static int TellPairs(ParseResult parsed, EvaluationOptions options, string? report, CancellationToken stop)
    {
        Option[] others = [_fit, _seed, _truncation, _sweep, _anyway, _metrics, _features, _protocol, _featuresRange, _classifier];
        if (others.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            throw new UsageException($"'{options.SubjectName ?? options.Subject}' makes pictures of pictures, for which there is no {other.Name}; "
                + "leave it out.");
        ProgressLine? line = null;
        var result = OfSource(() => PairEvaluation.Run(new()
        {
            Model = options.Subject,
            ModelName = options.SubjectName,
            Data = options.Data,
            Target = parsed.GetValue(_target),
            Split = options.Split,
            Count = options.Count,
            Translator = FormatOptions.TranslatorOptions(parsed) with { Device = options.Generator.Device },
        }, report, (done, all) => (line ??= new("Pictures", all)).Report(done, "pictures"), stop));
        line?.Clear();
        return Print(parsed, result, PairEvaluationText.Of(result), report);
    }

    private static int Tell(ParseResult parsed, EvaluationOptions options, string? report, CancellationToken stop)
    {
        if (parsed.GetValue(_target) is not null)
            throw new UsageException($"'{options.SubjectName ?? options.Subject}' is no model that makes pictures of pictures, and only such "
                + $"a one has targets; leave {_target.Name} out.");
        var progress = new Progress();
        var result = Evaluate(options, report, progress, stop);
        progress.Clear();
        return Print(parsed, result, EvaluationText.Of(result), report);
    }

    private static int Print(ParseResult parsed, object result, string text, string? report)
    {
        Results.Print(parsed.GetValue(_json), result, text);
        if (report is not null)
            Console.Error.WriteLine($"The page is {report}");
        return ExitCode.Done;
    }

    private static EvaluationResult Evaluate(EvaluationOptions options, string? report, Progress progress, CancellationToken stop)
    {
        try
        {
            return OfSource(() => ImageEvaluation.Run(options, report, progress.Report, stop));
        }
        catch (EvaluationMismatchException e)
        {
            throw new UsageException($"{e.Message} {_anyway.Name} goes on all the same.");
        }
    }

    private static T OfSource<T>(Func<T> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (DataException e) when (e.Option is not null)
        {
            throw new UsageException($"{e.Message} The option is --{e.Option}.");
        }
    }

    // Pictures are a source that is there and no model.
    private static string Resolve(string subject) =>
        Path.Exists(subject) || subject.Contains(':', StringComparison.Ordinal) ? subject : ModelPath.Resolve(subject);

    private static void CheckReport(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
            throw new UsageException($"'{path}' is no name for a page; use .html, as {Hint.Quoted(Path.ChangeExtension(path, ".html"))}.");
        OutputPath.CheckFile(path);
    }

    private static float[]? Numbers(ArgumentResult argument)
    {
        var parts = argument.Tokens[0].Value.Split(',');
        var numbers = new List<float>();
        foreach (var part in parts)
            if (float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number))
                numbers.Add(number);
        if (numbers.Count == parts.Length)
            return [.. numbers];
        argument.AddError($"{argument.Tokens[0].Value} are no numbers; write them with commas between, as 0.5,1.");
        return null;
    }

    /// <summary>A bar for each stage.</summary>
    private sealed class Progress
    {
        private ProgressLine? _line;
        private (EvaluationStage Stage, long Total) _shown;

        public void Report(EvaluationStage stage, long done, long total)
        {
            if (_line is null || _shown != (stage, total))
            {
                Clear();
                (_line, _shown) = (new ProgressLine(Title(stage), total), (stage, total));
            }
            _line.Report(done, stage == EvaluationStage.Figures ? "metrics" : "images");
        }

        public void Clear() => _line?.Clear();

        private static string Title(EvaluationStage stage) => stage switch
        {
            EvaluationStage.Real => "Real images",
            EvaluationStage.Noise => "Noise",
            EvaluationStage.Generated => "Judged images",
            _ => "Figures",
        };
    }
}
