using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Quantization;

/// <summary>
/// Makes a model's convolutions compute with bytes instead of float32, which processors with integer instructions do several times as fast.
/// Of any .onnx file that makes images; the result is compared with it before it is written.
/// </summary>
/// <remarks>
/// B. Jacob et al.: "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2017,
/// https://arxiv.org/abs/1712.05877: activations are bytes with a scale and a zero point, weights signed bytes with a scale for each
/// channel, sums 32 bits. Weights have 7 bits, so that sums are the same on processors that add two products in 16 bits. Transposed
/// convolutions are rewritten as convolutions, which are what ONNX Runtime has integer kernels for. Matrix products, normalization and all
/// else stay in float32, and so do layers whose weights aren't constant.
/// </remarks>
public static class ModelQuantizer
{
    /// <summary>Quantizes a model.</summary>
    /// <param name="model">An .onnx file, or a folder with <c>model.onnx</c>, of operator set 11 or later.</param>
    /// <param name="path">The file to write. It appears whole or not at all, and an older one is replaced.</param>
    /// <param name="options">How, and what the result has to hold; null for the defaults.</param>
    /// <param name="progress">Is told the stage, what is done and what there is to do; null for nobody.</param>
    /// <param name="cancellation">Looked at between runs of the model.</param>
    /// <exception cref="QuantizationException">The model has no layer to quantize, is too old, or loses more than the options allow; an
    /// option is out of its range; the file can't be written.</exception>
    /// <exception cref="ModelException">The model can't be read, understood or run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static QuantizationResult Quantize(string model, string path, QuantizationOptions? options = null,
        Action<QuantizationStage, long, long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        OptionRules.Check(options);
        using var quantization = new QuantizationRun(ModelFile.Find(model), options, progress ?? ((_, _, _) => { }), cancellation);
        return quantization.Write(path);
    }
}
