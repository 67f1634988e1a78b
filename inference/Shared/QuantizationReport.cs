using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Quantization;

namespace GanOnnx.Shared;

/// <summary>What the verbs that quantize do and show: a bar for each stage, and the result.</summary>
internal sealed class QuantizationReport
{
    private ProgressLine? _line;
    private (QuantizationStage Stage, long Total) _shown;

    /// <summary>Quantizes a model, and draws how far it is.</summary>
    /// <exception cref="UsageException">An error that an option can mend.</exception>
    public static QuantizationResult Quantize(string path, string file, QuantizationOptions options, CancellationToken stop)
    {
        var report = new QuantizationReport();
        try
        {
            return ModelQuantizer.Quantize(path, file, options, report.Progress, stop);
        }
        catch (DataException e) when (e.Option is not null)
        {
            throw new UsageException($"{e.Message} The option is --{e.Option}.");
        }
        finally
        {
            report.Clear();
        }
    }

    private void Progress(QuantizationStage stage, long done, long total)
    {
        if (_line is null || _shown != (stage, total))
        {
            Clear();
            (_line, _shown) = (new ProgressLine(Title(stage), total), (stage, total));
        }
        _line.Report(done, stage == QuantizationStage.Layers ? "layers" : "images");
    }

    private void Clear() => _line?.Clear();

    /// <summary>The result for people.</summary>
    public static string Of(QuantizationResult result)
    {
        var figures = result.Figures;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(result.Path)}: {result.FileSize / 1e6:0.0} MB, {figures.Layers} of {figures.LayersInAll} convolutions in int8; {figures.Images:#,0} images are "
                + $"{figures.Psnr:0.0} dB from the float model's, FD-ResNet18 between them {figures.Distance:0.000}");
        if (figures.DistanceToData is { } distance)
            text += string.Create(CultureInfo.InvariantCulture, $", to the data {distance:0.000} for {figures.FloatDistanceToData:0.000}");
        text += string.Create(CultureInfo.InvariantCulture, $"; {result.Speed:0.0} × as fast as the float model here")
            + (result.Speed < 1.1 ? ", so keep that one" : "");
        return text + string.Concat(result.Layers.Select(layer => string.Create(CultureInfo.InvariantCulture,
            $"\n  {PlainText.Of(layer.Name),-24} {(layer.IsInteger ? "int8" : "float32"),-8} {layer.Psnr:0.0} dB if it alone is int8")));
    }

    private static string Title(QuantizationStage stage) => stage switch
    {
        QuantizationStage.Calibrating => "Ranges",
        QuantizationStage.Layers => "Layers",
        QuantizationStage.Verifying => "Compared images",
        _ => "Judged images",
    };
}
