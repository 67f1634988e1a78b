using System.CommandLine;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Export;

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
            HelpName = "fp32|fp16",
            DefaultValueFactory = _ => "fp32",
            Description =
        "fp32, or fp16: half the file, and faster on GPUs that like it. The default is fp32."
        }.AcceptOnlyFromAmong("fp32", "fp16");
    private static readonly Option<string> _output =
        new Option<string>("--output")
        {
            HelpName = "float|uint8",
            DefaultValueFactory = _ => "float",
            Description = "float [N, C, H, W] in -1 … 1, or uint8 [N, H, W, C]: a quarter of the bytes to copy. The "
        + "default is float."
        }.AcceptOnlyFromAmong("float", "uint8");
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("export", "turn a run into a verified .onnx", Run,
        "runs/mine --out mine.onnx --license CC-BY-4.0",
        "runs/mine --at 200 --out earlier.onnx",
        "runs/mine --out mine.onnx --precision fp16 --output uint8",
        "runs/both --out back.onnx --direction BtoA")
    {
        _checkpoint,
        { "The run", _at, _direction },
        { "The file", _out, _weights, _license, _precision, _output },
        { "The result", _json },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var (path, weights) = (parsed.GetValue(_out), parsed.GetValue(_weights));
        if (path is null && weights is null)
            throw new UsageException("Say what to write: --out FILE.onnx, --weights FILE.safetensors, or both.");
        if (path is not null)
            CheckOutput(path, ".onnx", "an ONNX file");
        if (weights is not null)
            CheckOutput(weights, ".safetensors", "a file of weights");
        if (weights is not null)
            TrainedWeights.Save(PathOf(parsed), weights, parsed.GetValue(_license));
        if (path is not null)
            return Export(parsed, path);
        var size = new FileInfo(weights!).Length;
        Results.Print(parsed.GetValue(_json), new { path = weights, size }, string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(weights!)}: {size / 1e6:0.0} MB of weights to begin with: train --init {PlainText.Of(weights!)}"));
        return ExitCode.Done;
    }

    private static int Export(ParseResult parsed, string path)
    {
        using var generator = TrainedGenerator.Load(PathOf(parsed), parsed.GetValue(_license), parsed.GetValue(_direction));
        var bytes = parsed.GetValue(_output) == "uint8";
        var metadata = bytes ? generator.Metadata with { Pixels = generator.Metadata.Pixels! with { Lowest = 0, Highest = 255 } }
            : generator.Metadata;
        var result = OnnxExporter.Export(generator.Module, [.. generator.Inputs.Select(i => i.Example)], path,
            new OnnxExportOptions
            {
                InputNames = [.. generator.Inputs.Select(i => i.Name)],
                OutputNames = [generator.Output],
                DynamicAxes = generator.OpenAxes,
                Precision = parsed.GetValue(_precision) == "fp16" ? Precision.Float16 : Precision.Float32,
                ByteImages = bytes,
                Metadata = metadata.ToProperties(),
            });

        var differences = string.Join(", ", result.Differences.Select(d =>
            string.Create(CultureInfo.InvariantCulture, $"{d.LargestAbsolute:0.0e+0} at {string.Join(", ", d.Sizes.Select(size => $"{size.Key} = {size.Value}"))}")));
        Results.Print(parsed.GetValue(_json), result, string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(result.Path)}: {result.FileSize / 1e6:0.0} MB, {result.Nodes} operators (opset {result.Opset}); ONNX Runtime differs from "
                + $"TorchSharp by at most {differences}; trained on {generator.Metadata.Training!.ImagesSeen / 1000.0:#,0.#} kimg"));
        return ExitCode.Done;
    }

    private static string PathOf(ParseResult parsed)
    {
        var run = parsed.GetRequiredValue(_checkpoint);
        if (parsed.GetValue(_at) is { } at)
            return Snapshot.Find(run, at);
        return Snapshot.Of(run).FirstOrDefault(snapshot => snapshot.IsBest)?.Path ?? run;
    }

    // What reads them goes by the name.
    internal static void CheckOutput(string path, string extension, string what)
    {
        if (!Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"'{path}' is no name for {what}; use {extension}, as "
                + $"{Hint.Quoted(Path.ChangeExtension(path, extension))}.");
        OutputPath.CheckFile(path);
    }
}
