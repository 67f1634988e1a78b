using System.Globalization;
using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Files;
using GanOnnx.Onnx.Passes;
using GanOnnx.Onnx.Passes.Quantization;
using GanOnnx.Shared;
using Google.Protobuf;

namespace GanOnnx.Quantization;

/// <summary>One model on its way: prepared, calibrated, its layers measured, those in bytes that may be, verified, written.</summary>
internal sealed class QuantizationRun : IDisposable
{
    // Enough to put layers in an order.
    private const int ImagesPerLayer = 32;

    private readonly string _path, _name;
    private readonly QuantizationOptions _options;
    private readonly Action<QuantizationStage, long, long> _progress;
    private readonly CancellationToken _stop;
    private readonly ScratchFolder _scratch = ScratchFolder.InTemp();
    private readonly ModelUse _use;
    private readonly ModelProto _model;
    private readonly IReadOnlyList<QuantizableLayer> _layers;
    private readonly Dictionary<string, ValueInterval> _ranges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _psnrOf = new(StringComparer.Ordinal);
    private readonly Calibration _calibration;

    /// <summary>Opens and calibrates a model.</summary>
    public QuantizationRun(string path, QuantizationOptions options, Action<QuantizationStage, long, long> progress, CancellationToken stop)
    {
        (_path, _options, _progress, _stop) = (path, options, progress, stop);
        _name = options.ModelName ?? path;
        try
        {
            _use = ModelUse.Open(path, options, stop);
            _model = PreparedModel.Of(path, _name, _scratch, stop);
            _layers = QuantizableLayer.Of(_model.Graph);
            if (_layers.Count == 0)
                throw new QuantizationException($"'{_name}' has no convolution that int8 would make faster: of constant float32 weights, with "
                    + $"{QuantizableLayer.FewestChannels} channels or more to make.");
            _calibration = Calibrate();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Does the rest of it.</summary>
    /// <param name="path">The file to write.</param>
    public QuantizationResult Write(string path)
    {
        MeasureEach();
        var (kept, file, psnr) = Choose();
        SaturatingProducts.Check(ModelReader.Read(file), _use, file, _stop);
        var figures = new QuantizationDescription
        {
            Precision = "int8",
            Layers = kept.Count,
            LayersInAll = ConvolutionsOf(_model),
            Psnr = Math.Round(psnr, 2),
            Images = VerifiedImages,
            Of = _use.Model.Sha256,
        };
        figures = Distances.Of(_use, file, _options, VerifiedImages, figures, _progress, _stop);
        if (figures is { DistanceToData: { } distance, FloatDistanceToData: { } before } && !(distance <= before * Distances.MostGrowth))
            throw new QuantizationException(string.Create(CultureInfo.InvariantCulture,
                $"'{_name}' isn't quantized: the distance to '{_options.Data}' grows from {before:0.000} to {distance:0.000}, by more than 2 %. ")
                + Costs());
        return new()
        {
            Path = path,
            FileSize = Save(file, figures, path),
            Figures = figures,
            Speed = Math.Round(Speed.Of(file, _path, _use, _stop), 2),
            Layers = [.. _layers.Select(layer => new QuantizedLayer(layer.Name, kept.Contains(layer.Name), _psnrOf[layer.Name]))],
        };
    }

    public void Dispose()
    {
        _use?.Dispose();
        _scratch.Dispose();
    }

    private int VerifiedImages => Math.Min(_options.VerifiedImages, _use.MostVerified);

    private static int ConvolutionsOf(ModelProto model) => model.Graph.Node.Count(node => node.OpType is "Conv" or "ConvTranspose");

    private Calibration Calibrate()
    {
        _progress(QuantizationStage.Calibrating, 0, 1);
        string[] values = [.. _layers.SelectMany(layer => new[] { layer.Input, layer.Output }).Distinct()];
        var calibration = Calibration.Of(_model, values, _use, _name, _stop);
        foreach (var value in values)
            _ranges[value] = calibration.RangeOf(value, _options.Ranges);
        return calibration;
    }

    private void MeasureEach()
    {
        var expected = _use.Images(_path, Math.Min(ImagesPerLayer, VerifiedImages), _stop).ToList();
        foreach (var layer in _layers)
        {
            _progress(QuantizationStage.Layers, _psnrOf.Count, _layers.Count);
            var images = _use.Images(Stage(new HashSet<string> { layer.Name }), Math.Min(ImagesPerLayer, VerifiedImages), _stop);
            _psnrOf[layer.Name] = Math.Round(Fidelity.Psnr(expected, images), 2);
        }
    }

    // Layers that lose most go back to float32, one after the other, until the rest is near enough.
    private (HashSet<string> Layers, string File, double Psnr) Choose()
    {
        var kept = _layers.Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            var file = Stage(kept);
            var psnr = Fidelity.Psnr(_use.Images(_path, VerifiedImages, _stop), _use.Images(file, VerifiedImages, _stop),
                done => _progress(QuantizationStage.Verifying, done, VerifiedImages));
            if (psnr >= _options.MinPsnr)
                return (kept, file, psnr);
            if (kept.Count == 1)
                throw new QuantizationException(string.Create(CultureInfo.InvariantCulture,
                    $"'{_name}' isn't quantized: even with a single layer in int8 its images are {psnr:0.0} dB from those in float32, and {_options.MinPsnr:0.#} dB are asked for. ")
                    + Costs());
            kept.Remove(kept.MinBy(layer => _psnrOf[layer])!);
        }
    }

    private string Costs() => "The layers that cost most, each alone: " + string.Join(", ", _psnrOf.OrderBy(layer => layer.Value).Take(3)
        .Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Key} {layer.Value:0.0} dB"))) + ".";

    private string Stage(IReadOnlySet<string> layers)
    {
        var file = Path.Combine(_scratch.Path, "int8.onnx");
        using var stream = File.Create(file);
        IntegerGraph.Of(_model, layers, value => _ranges[value], _calibration.SizeOf).WriteTo(stream);
        return file;
    }

    private long Save(string file, QuantizationDescription figures, string path)
    {
        var model = ModelReader.Read(file);
        (model.ProducerName, model.ProducerVersion) = (OnnxModel.Producer, typeof(QuantizationRun).Assembly.GetName().Version!.ToString(3));
        if (_use.Model.Metadata is { } metadata)
        {
            if (_options.ByteImages && metadata.Pixels is { } pixels)
                metadata = metadata with { Pixels = pixels with { Lowest = 0, Highest = 255 } };
            var ours = (metadata with { Quantization = figures }).ToProperties();
            foreach (var entry in model.MetadataProps.Where(entry => entry.Key.StartsWith("gan.", StringComparison.Ordinal)).ToList())
                model.MetadataProps.Remove(entry);
            model.MetadataProps.AddRange(ours.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        }
        if (_options.ByteImages)
            ApplyByteImages(model.Graph);
        try
        {
            using var staged = StagedModel.Create(model, path, OnnxModel.LargestWeights);
            staged.MoveIn();
            return staged.Size;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QuantizationException($"'{path}' can't be written: {e.Message}", e);
        }
    }

    private void ApplyByteImages(GraphProto graph)
    {
        if (_use.Model.Metadata is null || !ByteImages.CanApply(graph))
            throw new QuantizationException($"'{_name}' can't make uint8: that needs a model that says what its images are and whose only output "
                + "is float32 [N, C, H, W].");
        ByteImages.Apply(graph);
    }
}
