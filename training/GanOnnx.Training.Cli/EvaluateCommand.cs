using System.CommandLine;
using GanOnnx.CommandLine;
using GanOnnx.Evaluation;
using GanOnnx.Training.Evaluation;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan evaluate</c>: judges a model's images by a classifier trained on the real ones.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> _model = ModelPath.Argument();
    private static readonly Option<string> _data =
        new("--data") { Required = true, HelpName = "SOURCE", Description = "The real images, labelled: what gan train --data takes." };
    private static readonly Option<string> _split = DataOption("split");
    private static readonly Option<string> _fit = DataOption("fit");
    private static readonly Option<int> _count =
        new("--count") { DefaultValueFactory = _ => 10_000, Description = "How many images to generate. The default is 10,000." };
    private static readonly Option<ulong> _seed = new("--seed") { Description = "The seed of the images. The default is 0." };
    private static readonly Option<string> _classifier =
        new("--classifier")
        {
            HelpName = "FILE",
            Description = "The classifier's file: used if it is there, else trained and written. The default is one for each data set and "
        + "image size, kept for the next time."
        };
    private static readonly Option<bool> _anyway =
        new("--anyway") { Description = "Go on where the model and the real images differ in channels, size or classes." };
    private static readonly Option<string> _metrics =
        new("--metrics")
        {
            HelpName = "METRIC,…",
            Description = $"Which figures, of {string.Join(", ", EvaluationMetrics.Names)}. The default is all.",
            CompletionSources = { _ => EvaluationMetrics.Names }
        };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("evaluate", "tell how good a model's images are", Run,
        "fashion-dcgan --data fashion-mnist/",
        "mine.onnx --data pictures/ --count 5000 --json")
    {
        _model,
        { "What is compared", _data, _split, _fit, _count, _seed, _anyway },
        { "The figures", _metrics, _classifier, _json },
        { FormatOptions.Heading, FormatOptions.All },
    };

    // As gan train has them.
    private static Option<string> DataOption(string key)
    {
        var told = TrainingOption.All.Single(option => option.Key == key);
        return new(told.Name!) { Description = told.Description };
    }

    private static int Run(ParseResult parsed, CancellationToken stop) => OptionHint.With(() =>
    {
        var model = ModelPath.Resolve(parsed.GetRequiredValue(_model));
        var progress = new EvaluationProgress();
        if (parsed.GetValue(_classifier) is { Length: > 0 } classifier)
            OutputPath.CheckFile(classifier);
        var result = Evaluate(new EvaluationOptions
        {
            Model = model,
            Loading = FormatOptions.Options(parsed),
            Data = parsed.GetRequiredValue(_data),
            Split = parsed.GetValue(_split),
            Fit = parsed.GetValue(_fit) ?? "crop",
            Count = parsed.GetValue(_count),
            Seed = parsed.GetValue(_seed),
            Classifier = parsed.GetValue(_classifier),
            AllowMismatch = parsed.GetValue(_anyway),
            Metrics = parsed.GetValue(_metrics)?.Split(',') ?? EvaluationMetrics.Names,
        }, progress, stop);
        progress.Clear();
        Results.Print(parsed.GetValue(_json), result, EvaluationText.Of(ModelPath.NameOf(result.Model), result));
        return ExitCode.Done;
    });

    private static EvaluationResult Evaluate(EvaluationOptions options, EvaluationProgress progress, CancellationToken stop)
    {
        try
        {
            return ModelEvaluation.Run(options, progress.Report, stop);
        }
        catch (EvaluationMismatchException e)
        {
            throw new UsageException($"{e.Message} {_anyway.Name} goes on all the same.");
        }
    }

    /// <summary>A bar for each stage.</summary>
    private sealed class EvaluationProgress
    {
        private ProgressLine? _line;
        private (EvaluationStage Stage, long Total) _shown;

        public void Report(EvaluationStage stage, long done, long total)
        {
            if (_line is null || _shown != (stage, total))
            {
                Clear();
                (_line, _shown) = (new ProgressLine(stage == EvaluationStage.Training ? "Training the classifier" : stage.ToString(),
                    total), (stage, total));
            }
            _line.Report(done, "images");
        }

        public void Clear() => _line?.Clear();
    }
}
