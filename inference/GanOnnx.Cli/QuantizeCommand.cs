using System.CommandLine;
using GanOnnx.CommandLine;
using GanOnnx.Inference.Runtime;
using GanOnnx.Quantization;
using GanOnnx.Shared;

namespace GanOnnx.Cli;

/// <summary><c>gan quantize</c>: makes a model compute with bytes, and compares it with the float model before it is written.</summary>
internal static class QuantizeCommand
{
    private static readonly Argument<string> _model = ModelPath.Argument();
    private static readonly Option<string> _out = new("--out") { HelpName = "FILE", Description = "The .onnx file to write.", Required = true };
    private static readonly Option<string> _output = new Option<string>("--output")
    {
        HelpName = "float|uint8",
        DefaultValueFactory = _ => "float",
        Description = "What the model makes: what it made before, or uint8 [N, H, W, C], a quarter of the bytes to copy. The default is float.",
    }.AcceptOnlyFromAmong("float", "uint8");
    private static readonly Option<string> _data = new("--data")
    {
        HelpName = "SOURCE",
        Description = "Pictures as gan train --data takes them. Of a model of noise, real ones: its distance to them may not grow by more than 2 %. Of "
            + "one from image to image, those that go in, which it needs.",
    };
    private static readonly Option<string> _split = new("--split") { Description = "Which part of --data, as test, where it is divided into some." };
    private static readonly Option<string> _ranges = new Option<string>("--ranges")
    {
        HelpName = "error|minmax|percentile",
        DefaultValueFactory = _ => "error",
        Description = "What of a value's range gets the 256 steps: the part with the least error, all of it, or all but a ten-thousandth. The default is "
            + "error.",
    }.AcceptOnlyFromAmong("error", "minmax", "percentile");
    private static readonly Option<double> _minPsnr = new("--min-psnr")
    {
        HelpName = "DB",
        DefaultValueFactory = _ => new QuantizationOptions().MinPsnr,
        Description = "The least peak signal-to-noise ratio to the float model's images. Layers that cost most stay in float32 until it is reached. The "
            + "default is 38 dB.",
    };
    private static readonly Option<int?> _count = new("--count")
    {
        Description = "How many images are compared with the float model's, and with those of --data. The default is 1,000, and 10,000.",
    };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("quantize", "make a model compute in int8, verified", Run,
        "fashion-dcgan --out fast.onnx",
        "mine.onnx --out fast.onnx --data pictures/",
        "pix2pix.onnx --out fast.onnx --data sketches/ --min-psnr 35")
    {
        _model,
        { "The file", _out, _output },
        { "What it has to hold", _data, _split, _minPsnr, _count },
        { "How", _ranges },
        { "The result", _json },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var path = ModelPath.Resolve(parsed.GetRequiredValue(_model));
        var file = parsed.GetRequiredValue(_out);
        OutputPath.CheckModel(file);
        OutputPath.CheckApart(ModelFile.Find(path), file, "--out is '{0}', the model itself; it would be lost.");
        var format = FormatOptions.Options(parsed);
        var result = QuantizationReport.Quantize(path, file, new()
        {
            Data = parsed.GetValue(_data),
            Split = parsed.GetValue(_split),
            Ranges = parsed.GetValue(_ranges) switch
            {
                "minmax" => ActivationRanges.MinMax,
                "percentile" => ActivationRanges.Percentile,
                _ => ActivationRanges.LeastError,
            },
            MinPsnr = parsed.GetValue(_minPsnr),
            VerifiedImages = parsed.GetValue(_count) ?? new QuantizationOptions().VerifiedImages,
            DataImages = parsed.GetValue(_count) ?? new QuantizationOptions().DataImages,
            ByteImages = parsed.GetValue(_output) == "uint8",
            Generator = format,
            Translator = new() { Input = format.Pixels, Output = format.Pixels with { Shape = null }, Called = FormatOptions.Called },
        }, stop);
        Results.Print(parsed.GetValue(_json), result, QuantizationReport.Of(result));
        return ExitCode.Done;
    }
}
