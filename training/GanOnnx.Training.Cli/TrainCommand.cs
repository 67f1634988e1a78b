using System.CommandLine;
using GanOnnx.Cli.Terminal;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan train</c>: trains a GAN on a data source.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> _data = new("--data") { Required = true, Description = "A folder of images, an IDX file or a folder of them, a .zip or .tar.gz of either, or synthetic:digits." };
    private static readonly Option<string> _out = new("--out") { Required = true, Description = "The run's folder: checkpoint, samples, metrics." };
    private static readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint in --out." };
    private static readonly Option<string> _device = Choice("--device", "Where to train: auto, cpu or cuda. The default is auto.", "auto", "cpu", "cuda");
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Command Create()
    {
        var command = new Command("train", "Trains a GAN on images.") { _data, _out, _resume, _device, _json, Catalog.CreateOption(_json) };
        foreach (var option in TrainingOverrides.Options)
            command.Add(option);
        command.SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var run = new TrainingRun
        {
            Data = parsed.GetRequiredValue(_data),
            Folder = parsed.GetRequiredValue(_out),
            Options = TrainingOverrides.Read(parsed, resumeFrom: parsed.GetValue(_resume) ? parsed.GetRequiredValue(_out) : null),
            Resume = parsed.GetValue(_resume),
            Cuda = parsed.GetValue(_device) switch { "cuda" => true, "cpu" => false, _ => TorchSharp.torch.cuda.is_available() },
        };
        var monitor = new TerminalMonitor(run);
        var complete = Trainer.Run(run, monitor, stop);
        monitor.Finish();

        var sentence = complete
            ? $"Trained {run.Options.Kimg} kimg. Export it: gan export {run.Folder} --out model.onnx"
            : $"Stopped and saved. Go on: gan train --data {run.Data} --out {run.Folder} --resume";
        Results.Print(parsed.GetValue(_json), new { complete, folder = run.Folder, monitor.LastTick, monitor.Samples }, sentence);
        return complete ? ExitCode.Done : ExitCode.Interrupted;
    }

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
