using System.CommandLine;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Export;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan export</c>: writes a run's averaged generator as a verified ONNX file.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> _checkpoint = new("RUN") { Description = "A run's folder or a checkpoint's file." };
    private static readonly Option<string> _out =
        new("--out") { Required = true, HelpName = "FILE", Description = "The .onnx file to write." };
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
        "runs/mine --out mine.onnx --precision fp16 --output uint8")
    {
        _checkpoint,
        { "The file", _out, _license, _precision, _output },
        { "The result", _json },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var path = parsed.GetRequiredValue(_out);
        CheckOutput(path);
        using var generator = TrainedGenerator.Load(parsed.GetRequiredValue(_checkpoint), parsed.GetValue(_license));
        var bytes = parsed.GetValue(_output) == "uint8";
        var metadata = bytes ? generator.Metadata with { Pixels = generator.Metadata.Pixels! with { Lowest = 0, Highest = 255 } }
            : generator.Metadata;
        var result = OnnxExporter.Export(generator.Module, [.. generator.Inputs.Select(i => i.Example)], path,
            new OnnxExportOptions
            {
                InputNames = [.. generator.Inputs.Select(i => i.Name)],
                OutputNames = ["image"],
                DynamicAxes = generator.OpenAxes,
                Precision = parsed.GetValue(_precision) == "fp16" ? Precision.Float16 : Precision.Float32,
                ByteImages = bytes,
                Metadata = metadata.ToProperties(),
            });

        var differences = string.Join(", ", result.Differences.Select(d =>
            string.Create(CultureInfo.InvariantCulture, $"{d.LargestAbsolute:0.0e+0} at {string.Join(", ", d.Sizes.Select(size => $"{size.Key} = {size.Value}"))}")));
        Results.Print(parsed.GetValue(_json), result, string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(result.Path)}: {result.FileSize / 1e6:0.0} MB, {result.Nodes} operators (opset {result.Opset}); ONNX Runtime differs from "
                + $"TorchSharp by at most {differences}"));
        return ExitCode.Done;
    }

    // What reads models goes by the name.
    internal static void CheckOutput(string path)
    {
        if (!Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"'{path}' is no name for an ONNX file; use .onnx, as "
                + $"{Hint.Quoted(Path.ChangeExtension(path, ".onnx"))}.");
        OutputPath.CheckFile(path);
    }
}
