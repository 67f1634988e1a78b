using System.CommandLine;
using GanOnnx.CommandLine;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan train</c>: trains a GAN on a data source.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> _data =
        new("--data") { Required = true, HelpName = "SOURCE",
        Description = "A folder of images, an IDX file or a folder of them, a .zip or .tar.gz of either, or synthetic:digits." };
    private static readonly Option<string> _target =
        new("--target") { HelpName = "SOURCE",
        Description = "What images are to become, for tasks that go from image to image: a source with an image of the same name for each." };
    private static readonly Option<string> _out =
        new("--out") { Required = true, HelpName = "FOLDER", Description = "The run's folder: checkpoint, samples, metrics." };
    private static readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint in --out." };
    private static readonly Option<string> _device =
        new Option<string>("--device") { HelpName = "auto|cpu|cuda",
        Description = "Where to train. The default is auto." }.AcceptOnlyFromAmong("auto", "cpu", "cuda");
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create()
    {
        var verb = new Verb("train", "train a GAN on your pictures", Run,
            "--data pictures/ --out runs/mine --size 64 --kimg 2000",
            "--data pictures/ --out runs/style --config stylegan2",
            "--data pictures/ --out runs/mine --resume",
            "--list")
        {
            { "The run", _data, _target, _out, _resume, _device, _json, Catalog.CreateOption(_json) },
        };
        foreach (var (heading, options) in TrainingOverrides.Groups)
            verb.Add(heading, options);
        return verb;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        OutputPath.CheckFolder(parsed.GetRequiredValue(_out));
        var run = new TrainingRun
        {
            Data = parsed.GetRequiredValue(_data),
            Target = parsed.GetValue(_target),
            Folder = parsed.GetRequiredValue(_out),
            Options = TrainingOverrides.Read(parsed, resumeFrom: parsed.GetValue(_resume) ? parsed.GetRequiredValue(_out) : null),
            Resume = parsed.GetValue(_resume),
            Cuda = parsed.GetValue(_device) switch { "cuda" => true, "cpu" => false, _ => TorchSharp.torch.cuda.is_available() },
        };
        var monitor = new TerminalMonitor(run);
        var complete = Trainer.Run(run, monitor, stop);
        monitor.Finish();

        var sentence = complete
            ? $"Trained {run.Options.Kimg} kimg. Export it: {Hint.Of("export", run.Folder, "--out", "model.onnx")}"
            : $"Stopped and saved. Go on: {Hint.Of(["train", "--data", run.Data, "--out", run.Folder, "--resume", .. Typed(parsed)])}";
        Results.Print(parsed.GetValue(_json), new { complete, folder = run.Folder, monitor.LastTick, monitor.Samples }, sentence);
        return complete ? ExitCode.Done : ExitCode.Interrupted;
    }

    // What a checkpoint doesn't keep.
    private static IEnumerable<string> Typed(ParseResult parsed) =>
        new[] { _target, _device }.SelectMany(option => parsed.GetValue(option) is { } value ? new[] { option.Name, value } : []);
}
