using System.CommandLine;
using System.Globalization;
using System.Text;
using GanOnnx.CommandLine;
using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Quantization;
using GanOnnx.Shared;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan export</c>: writes a run's averaged generator as a verified ONNX file.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> _checkpoint = new("RUN")
    { Description = "A run's folder, or a checkpoint's or snapshot's file." };
    private static readonly Option<string> _at = new("--at")
    {
        HelpName = "KIMG|best|last",
        Description = "Which state of the run: a snapshot by its thousands of images, the best one, or the last state. The default is the "
            + "best where training measured it, else the last."
    };
    private static readonly Option<string> _direction = new("--direction")
    {
        HelpName = "AtoB|BtoA",
        Description = "Of a run that learnt both ways (cyclegan): from --data's images to --target's, or back. The default is AtoB.",
        CompletionSources = { "AtoB", "BtoA" },
    };
    private static readonly Option<string> _out =
        new("--out") { HelpName = "FILE", Description = "The .onnx file to write." };
    private static readonly Option<string> _weights = new("--weights")
    {
        HelpName = "FILE",
        Description = "A .safetensors file to write, also without --out: the generator's and the discriminator's weights in float16, for "
            + "train's --init."
    };
    private static readonly Option<string> _license =
        new("--license", "--licence") { HelpName = "LICENSE", Description = "The license of the weights, as MIT or CC-BY-4.0, written into the file." };
    private static readonly Option<string> _precision =
        new Option<string>("--precision")
        {
            HelpName = "fp32|fp16|int8",
            DefaultValueFactory = _ => "fp32",
            Description =
        "fp32; fp16: half the file, and faster on GPUs that like it; or int8: faster on CPUs, and compared with fp32 as gan quantize does. The default is fp32."
        }.AcceptOnlyFromAmong("fp32", "fp16", "int8");
    private static readonly Option<string> _output =
        new Option<string>("--output")
        {
            HelpName = "float|uint8",
            DefaultValueFactory = _ => "float",
            Description = "float [N, C, H, W] in -1 … 1, or uint8 [N, H, W, C]: a quarter of the bytes to copy. The "
        + "default is float."
        }.AcceptOnlyFromAmong("float", "uint8");
    private static readonly Option<string> _data = new("--data")
    {
        HelpName = "SOURCE",
        Description = "For int8, pictures as gan quantize --data takes them: real ones, the distance to which may not grow by more than 2 %; of a run from "
            + "image to image those that go in, which it needs.",
    };
    private static readonly Option<string> _split = new("--split") { Description = "Which part of --data, as test, where it is divided into some." };
    private static readonly Option<double?> _minPsnr = new("--min-psnr")
    {
        HelpName = "DB",
        Description = "For int8, the least peak signal-to-noise ratio to the images in float32. The default is 38 dB.",
    };
    private static readonly Option<string> _card = new("--card")
    {
        HelpName = "FILE",
        Description = "A .md file to write beside the model: its card, as Hugging Face has them, with blanks for what the run doesn't know. One that is there "
            + "isn't replaced.",
    };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("export", "turn a run into a verified .onnx", Run,
        "runs/mine --out mine.onnx --license CC-BY-4.0",
        "runs/mine --at 200 --out earlier.onnx",
        "runs/mine --out mine.onnx --precision fp16 --output uint8",
        "runs/mine --out fast.onnx --precision int8 --data pictures/",
        "runs/mine --out mine/model.onnx --card mine/README.md",
        "runs/both --out back.onnx --direction BtoA")
    {
        _checkpoint,
        { "The run", _at, _direction },
        { "The file", _out, _card, _weights, _license, _precision, _output, _data, _split, _minPsnr },
        { "The result", _json },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var (path, weights) = (parsed.GetValue(_out), parsed.GetValue(_weights));
        if (path is null && weights is null)
            throw new UsageException("Say what to write: --out FILE.onnx, --weights FILE.safetensors, or both.");
        if (path is not null)
            OutputPath.CheckModel(path);
        CheckCard(parsed.GetValue(_card), path);
        if (weights is not null)
            OutputPath.CheckFile(weights, ".safetensors", "a file of weights");
        if (weights is not null)
            TrainedWeights.Save(PathOf(parsed), weights, parsed.GetValue(_license));
        if (path is not null)
            return Export(parsed, path, stop);
        var size = new FileInfo(weights!).Length;
        Results.Print(parsed.GetValue(_json), new { path = weights, size }, string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(weights!)}: {size / 1e6:0.0} MB of weights to begin with: train --init {PlainText.Of(weights!)}"));
        return ExitCode.Done;
    }

    private static int Export(ParseResult parsed, string path, CancellationToken stop)
    {
        using var generator = TrainedGenerator.Load(PathOf(parsed), parsed.GetValue(_license), parsed.GetValue(_direction));
        var (precision, bytes) = (parsed.GetValue(_precision), parsed.GetValue(_output) == "uint8");
        if (generator.Metadata.Task is ModelTask.Sound or ModelTask.Video && (bytes || precision == "int8"))
            throw new UsageException($"'{parsed.GetRequiredValue(_checkpoint)}' makes {(generator.Metadata.Task is ModelTask.Sound ? "sounds" : "clips")}; {(bytes ? "--output uint8" : "--precision int8")} is for images. "
                + "Leave it out.");
        if (precision == "int8")
            return Quantize(parsed, generator, path, bytes, stop);
        if (parsed.GetValue(_data) is not null || parsed.GetValue(_split) is not null || parsed.GetValue(_minPsnr) is not null)
            throw new UsageException("--data, --split and --min-psnr are for --precision int8, whose images are compared with those in float32.");
        var result = Write(generator, path, precision == "fp16" ? Precision.Float16 : Precision.Float32, bytes);

        var differences = string.Join(", ", result.Differences.Select(d =>
            string.Create(CultureInfo.InvariantCulture, $"{d.LargestAbsolute:0.0e+0} at {string.Join(", ", d.Sizes.Select(size => $"{size.Key} = {size.Value}"))}")));
        WriteCard(parsed, path, $"ONNX Runtime differs from TorchSharp by at most {differences}");
        Results.Print(parsed.GetValue(_json), result, string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(result.Path)}: {result.FileSize / 1e6:0.0} MB, {result.Nodes} operators (opset {result.Opset}); ONNX Runtime differs from "
                + $"TorchSharp by at most {differences}; trained on {generator.Metadata.Training!.ImagesSeen / 1000.0:#,0.#} kimg"));
        return ExitCode.Done;
    }

    private static OnnxExportResult Write(TrainedGenerator generator, string path, Precision precision, bool bytes)
    {
        var metadata = bytes ? generator.Metadata with { Pixels = generator.Metadata.Pixels! with { Lowest = 0, Highest = 255 } }
            : generator.Metadata;
        return OnnxExporter.Export(generator.Module, [.. generator.Inputs.Select(i => i.Example)], path,
            new OnnxExportOptions
            {
                InputNames = [.. generator.Inputs.Select(i => i.Name)],
                OutputNames = [generator.Output],
                DynamicAxes = generator.OpenAxes,
                Precision = precision,
                ByteImages = bytes,
                Metadata = metadata.ToProperties(),
            });
    }

    // Of the file in float32, which is verified against the run first.
    private static int Quantize(ParseResult parsed, TrainedGenerator generator, string path, bool bytes, CancellationToken stop)
    {
        using var scratch = ScratchFolder.InTemp();
        var file = Path.Combine(scratch.Path, "model.onnx");
        Write(generator, file, Precision.Float32, bytes: false);
        var result = QuantizationReport.Quantize(file, path, new()
        {
            ModelName = parsed.GetRequiredValue(_checkpoint),
            Data = parsed.GetValue(_data),
            Split = parsed.GetValue(_split),
            MinPsnr = parsed.GetValue(_minPsnr) ?? new QuantizationOptions().MinPsnr,
            ByteImages = bytes,
        }, stop);
        WriteCard(parsed, path, string.Create(CultureInfo.InvariantCulture,
            $"It computes in int8: {result.Figures.Psnr:0.0} dB from the model in float32, of {result.Figures.Images:#,0} images"));
        Results.Print(parsed.GetValue(_json), result, QuantizationReport.Of(result));
        return ExitCode.Done;
    }

    // What somebody wrote into its blanks is his.
    private static void CheckCard(string? card, string? model)
    {
        if (card is null)
            return;
        if (model is null)
            throw new UsageException("--card describes a model; say which to write: --out FILE.onnx.");
        OutputPath.CheckFile(card, ".md", "a card");
        if (Path.Exists(card))
            throw new UsageException($"'{card}' is there, and may be written on, so it isn't replaced. Move it away, or give another name.");
    }

    private static void WriteCard(ParseResult parsed, string path, string verified)
    {
        if (parsed.GetValue(_card) is { } card)
            AtomicFile.Write(card, stream => stream.Write(Encoding.UTF8.GetBytes(
                ModelCard.Of(PathOf(parsed), path, parsed.GetValue(_license), verified))));
    }

    private static string PathOf(ParseResult parsed)
    {
        var run = parsed.GetRequiredValue(_checkpoint);
        if (parsed.GetValue(_at) is { } at)
            return Snapshot.Find(run, at);
        return Snapshot.Of(run).FirstOrDefault(snapshot => snapshot.IsBest)?.Path ?? run;
    }
}
