using System.CommandLine;
using GanOnnx.CommandLine;
using GanOnnx.Training.Distributed;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan train</c>: trains a GAN on a data source.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> _data =
        new("--data")
        {
            Required = true,
            HelpName = "SOURCE",
            Description = "A folder of images, of WAV recordings or of clips, a .zip or .tar (also .gz, .xz, .bz2) of one, IDX, NumPy or Parquet files, a text "
        + "that lists pictures, synthetic:digits or synthetic:moving-digits."
        };
    private static readonly Option<string> _target =
        new("--target")
        {
            HelpName = "SOURCE",
            Description = "What images are to become, for tasks that go from image to image: a source with an image of the same name for "
        + "each (pix2pix), or with any others (cyclegan)."
        };
    private static readonly Option<string> _out =
        new("--out") { HelpName = "FOLDER", Description = "The run's folder: checkpoint, samples, metrics. Only --dry-run needs none." };
    private static readonly Option<bool> _resume = new("--resume") { Description = "Go on from the checkpoint in --out." };
    private static readonly Option<string> _init =
        new("--init")
        {
            HelpName = "RUN|FILE",
            Description = "Begin with the weights of a run, a snapshot, a checkpoint, or any .safetensors file: those that fit by name and "
        + "shape. Of ours, their options are the defaults."
        };
    private static readonly Option<string> _initNames =
        new("--init-names")
        {
            HelpName = "FILE",
            Description = "What the tensors of --init are here, "
        + "a JSON file as {\"their.name\": \"generator.project.weight\"}; all have to fit."
        };
    private static readonly Option<bool> _dryRun =
        new("--dry-run") { Description = "Only tell what the data is: classes, counts, what is left out, sizes." };
    private static readonly Option<string> _dataChanged =
        new Option<string>("--data-changed")
        {
            HelpName = "keep|refuse",
            Description = "Where the data isn't any more what a resumed run began with: go on with the images it keeps, or refuse. The default "
        + "is refuse."
        }.AcceptOnlyFromAmong("keep", "refuse");
    private static readonly Option<string> _onFailure =
        new Option<string>("--on-failure")
        {
            HelpName = "warn|stop|rollback",
            Description = "Where training looks as if it had failed: tell it, end, or go back to the best snapshot with half the learning rates, twice "
        + "at most. The default is warn."
        }.AcceptOnlyFromAmong("warn", "stop", "rollback");
    private static readonly Option<string> _device =
        new Option<string>("--device")
        {
            HelpName = "auto|cpu|cuda",
            Description = "Where to train. The default is auto."
        }.AcceptOnlyFromAmong("auto", "cpu", "cuda");
    private static readonly Option<bool> _auto =
        new("--auto") { Description = "Without --config: what the pictures suggest is taken, a preset and options; not even a terminal is asked." };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create()
    {
        var verb = new Verb("train", "train a GAN on your pictures", Run,
            "--data pictures/ --out runs/mine",
            "--data pictures/ --out runs/mine --size 64 --kimg 2000",
            "--data pictures/ --out runs/style --config stylegan2",
            "--data pictures/ --out runs/mine --resume",
            "--data others/ --out runs/others --init runs/mine --lr 0.0001",
            "--data sketches/ --target drawings/ --out runs/pairs --task pix2pix",
            "--data facades/ --side-by-side AtoB --out runs/facades --task pix2pix",
            "--data photos/ --derive grey --out runs/color --task pix2pix",
            "--data clips/ --out runs/clips --config mocogan",
            "--data horses/ --target zebras/ --out runs/both --task cyclegan",
            "--data pictures/ --dry-run",
            "--list")
        {
            { "The run", _data, _target, _dryRun, _auto, _out, _resume, _init, _initNames, _dataChanged,
                _onFailure, _device, _json, Catalog.CreateOption(_json) },
        };
        foreach (var (heading, options) in TrainingOverrides.Groups)
            verb.Add(heading, options);
        return verb;
    }

    private static int Run(ParseResult parsed, CancellationToken stop) => OptionHint.With(() =>
    {
        Workers.Join();
        var dryRun = parsed.GetValue(_dryRun);
        var folder = parsed.GetValue(_out)
            ?? (dryRun && !parsed.GetValue(_resume) ? "" : throw new UsageException("Give the run's folder with --out."));
        if (parsed.GetValue(_out) is { } said && string.IsNullOrWhiteSpace(said))
            throw new UsageException("--out is empty; give a folder's name.");
        if (folder.Length > 0)
            OutputPath.CheckFolder(folder);
        var run = new TrainingRun
        {
            Data = parsed.GetRequiredValue(_data),
            Target = parsed.GetValue(_target),
            Folder = folder,
            Options = TrainingOverrides.Read(parsed, parsed.GetValue(_resume) ? Trainer.OptionsOf(folder)
                : parsed.GetValue(_init) is { } init ? TrainedWeights.OptionsOf(init) : null),
            Init = parsed.GetValue(_init),
            InitNames = parsed.GetValue(_initNames) is { } names ? StateDictionary.ReadNames(names) : null,
            Resume = parsed.GetValue(_resume),
            DataChanged = parsed.GetValue(_dataChanged) == "keep" ? DataChanged.Keep : DataChanged.Refuse,
            OnFailure = Enum.Parse<FailureAction>(parsed.GetValue(_onFailure) ?? "warn", ignoreCase: true),
            Cuda = parsed.GetValue(_device) switch { "cuda" => true, "cpu" => false, _ => TorchSharp.torch.cuda.is_available() },
        };
        if (AdvisedOptions.For(run, parsed, parsed.GetValue(_auto), stop) is { } advised)
            run = run with { Options = advised };
        TrainingOverrides.CheckUsed(parsed, run.Options);
        return dryRun ? TellData(run, parsed.GetValue(_json), stop) : Train(run, parsed, stop);
    });

    private static int TellData(TrainingRun run, bool json, CancellationToken stop)
    {
        var data = Trainer.Survey(run, stop);
        Results.Print(json, data, PlainText.Of(DataText.Of(data)));
        return ExitCode.Done;
    }

    private static int Train(TrainingRun run, ParseResult parsed, CancellationToken stop)
    {
        var json = parsed.GetValue(_json);
        var monitor = new TerminalMonitor(run);
        var complete = Trainer.Run(run, monitor, stop);
        monitor.Finish();
        if (monitor.Report is { } report)
            Console.Error.WriteLine($"its report: {PlainText.Of(report)}");
        if (Workers.Current.Summary is { } workers)
            Console.Error.WriteLine(PlainText.Of(workers));

        var sentence = complete
            ? $"Trained {run.Options.Kimg} kimg. Export it: {Hint.Of("export", run.Folder, "--out", "model.onnx")}"
            : $"Stopped and saved. Go on: {Hint.Of(["train", "--data", run.Data, "--out", run.Folder, "--resume", .. Typed(parsed)])}";
        Results.Print(json, new { complete, folder = run.Folder, monitor.LastTick, monitor.Samples, monitor.Report }, sentence);
        return complete ? ExitCode.Done : ExitCode.Interrupted;
    }

    // What a checkpoint doesn't keep.
    private static IEnumerable<string> Typed(ParseResult parsed) =>
        new[] { _target, _device }.SelectMany(option => parsed.GetValue(option) is { } value ? new[] { option.Name, value } : []);
}
