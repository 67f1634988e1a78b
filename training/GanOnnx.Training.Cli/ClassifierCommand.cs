using System.CommandLine;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Training.Evaluation;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan classifier</c>: trains what tells <c>gan evaluate</c> whether labels are obeyed.</summary>
internal static class ClassifierCommand
{
    private static readonly Option<string> _data =
        new("--data") { Required = true, HelpName = "SOURCE", Description = "Labelled images: what gan train --data takes." };
    private static readonly Option<string> _split = DataOption("split");
    private static readonly Option<string> _fit = DataOption("fit");
    private static readonly Option<int> _size =
        new("--size") { DefaultValueFactory = _ => 32, Description = "Height and width in pixels, as the models have them. The default is 32." };
    private static readonly Option<int?> _channels =
        new("--channels") { HelpName = "1|3", Description = "1 for grey, 3 for color, as the models have them. The default is as the data is." };
    private static readonly Option<int> _samples = new("--samples")
    {
        DefaultValueFactory = _ => new ClassifierOptions { Data = "" }.Samples,
        Description = "Values of a recording, as the models make sounds. The default is 8192.",
    };
    private static readonly Option<int> _rate = new("--rate")
    {
        DefaultValueFactory = _ => new ClassifierOptions { Data = "" }.Rate,
        Description = "Values of a recording in a second, in Hz. The default is 8000.",
    };
    private static readonly Option<int> _epochs =
        new("--epochs") { DefaultValueFactory = _ => 3, Description = "How often it sees each image. The default is 3." };
    private static readonly Option<string> _out =
        new("--out") { Required = true, HelpName = "FILE", Description = "The .onnx file to write." };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("classifier", "train what tells gan evaluate whether labels are obeyed", Run,
        "--data fashion-mnist/ --out fashion-classifier.onnx",
        "--data pictures/ --size 64 --channels 3 --out classifier.onnx",
        "--data recordings/ --size 64 --epochs 40 --out sounds-classifier.onnx")
    {
        { "What it learns from", _data, _split, _fit, _size, _channels, _samples, _rate, _epochs },
        { "Where to", _out, _json },
    };

    // As gan train has them.
    private static Option<string> DataOption(string key)
    {
        var told = TrainingOption.All.Single(option => option.Key == key);
        return new(told.Name!) { Description = told.Description };
    }

    private static int Run(ParseResult parsed, CancellationToken stop) => OptionHint.With(() =>
    {
        var path = parsed.GetRequiredValue(_out);
        OutputPath.CheckModel(path);
        ProgressLine? line = null;
        (string? Stage, long Total) shown = (null, 0);
        var result = ClassifierTraining.Run(new ClassifierOptions
        {
            Data = parsed.GetRequiredValue(_data),
            Split = parsed.GetValue(_split),
            Fit = parsed.GetValue(_fit) ?? "crop",
            Size = parsed.GetValue(_size),
            Channels = parsed.GetValue(_channels),
            Samples = parsed.GetValue(_samples),
            Rate = parsed.GetValue(_rate),
            Epochs = parsed.GetValue(_epochs),
        }, path, (stage, done, total) =>
        {
            if (shown != (stage, total))
            {
                line?.Clear();
                (line, shown) = (new ProgressLine(stage, total), (stage, total));
            }
            line!.Report(done, "images");
        }, stop);
        line?.Clear();
        Results.Print(parsed.GetValue(_json), result, string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(result.File)}: {result.Classes.Count} classes, {100 * result.Accuracy:0.0} % right on {result.HeldOut:#,0} images that it didn't learn from"));
        return ExitCode.Done;
    });
}
