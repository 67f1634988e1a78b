using System.Runtime.InteropServices;
using GanOnnx.Inference.Runtime;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Editing;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Quantization;

/// <summary>
/// Computes layers of a quantized model as processors do that have no VNNI: two neighbouring products of a byte and a signed byte are added
/// in 16 bits, and what doesn't fit is cut off. Nothing may be.
/// </summary>
/// <remarks>The instruction is VPMADDUBSW; see Intel's "Lower Numerical Precision Deep Learning Inference and Training", 2018.</remarks>
internal static class SaturatingProducts
{
    // Places of each layer's output that are computed.
    private const int Places = 64;

    /// <summary>Checks all layers on an image.</summary>
    /// <param name="model">The quantized model.</param>
    /// <param name="use">What goes into it.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="QuantizationException">A sum would be cut off.</exception>
    public static void Check(ModelProto model, ModelUse use, string path, CancellationToken stop)
    {
        var layers = model.Graph.Node.Where(node => node.OpType == "QLinearConv").ToList();
        string[] inputs = [.. layers.Select(layer => layer.Input[0]).Distinct()];
        var watched = model.Clone();
        watched.Graph.Output.AddRange(inputs.Select(name => new ValueInfoProto { Name = name }));
        using var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        using var session = Graphs.Load(ModelContent.Of(path, watched, stop), settings, stop);
        using var options = new RunOptions();
        using var runs = use.CalibrationRuns().GetEnumerator();
        runs.MoveNext();
        using var values = session.Run(options, runs.Current, inputs);
        foreach (var layer in layers)
        {
            var input = values[Array.IndexOf(inputs, layer.Input[0])];
            var zero = model.Graph.Initializer.First(constant => constant.Name == layer.Input[2]).RawData.Span[0];
            var weights = model.Graph.Initializer.First(constant => constant.Name == layer.Input[3]);
            if (CutsOff(layer, input.GetTensorDataAsSpan<byte>(), input.GetTensorTypeAndShape().Shape, zero,
                MemoryMarshal.Cast<byte, sbyte>(weights.RawData.Span), [.. weights.Dims]))
                throw new QuantizationException($"The layer '{layer.Name}' isn't quantized: its sums would be cut off on processors without VNNI.");
        }
    }

    // The first image, at places spread over the output; channels after one another, as the kernels have them.
    private static bool CutsOff(NodeProto layer, ReadOnlySpan<byte> image, long[] shape, byte zero, ReadOnlySpan<sbyte> weights,
        long[] kernel)
    {
        var (strides, dilations) = (layer.Integers("strides") ?? [1, 1], layer.Integers("dilations") ?? [1, 1]);
        var pads = layer.Integers("pads") ?? [0, 0, 0, 0];
        var (height, width, taps) = ((int)shape[2], (int)shape[3], (int)(kernel[2] * kernel[3]));
        var (channels, perGroup) = ((int)kernel[1], (int)(kernel[0] / layer.Integer("group", 1)));
        var column = new byte[taps * channels];
        for (var place = 0; place < Places; place++)
        {
            var (y, x) = (place * 7919 % height - (int)pads[0], place * 104729 % width - (int)pads[1]);
            for (var output = 0; output < kernel[0]; output++)
            {
                if (output % perGroup == 0)
                    for (var tap = 0; tap < taps; tap++)
                        for (var c = 0; c < channels; c++)
                        {
                            var row = y + tap / (int)kernel[3] * (int)dilations[0];
                            var at = x + tap % (int)kernel[3] * (int)dilations[1];
                            column[tap * channels + c] = row < 0 || at < 0 || row >= height || at >= width ? zero
                                : image[((output / perGroup * channels + c) * height + row) * width + at];
                        }
                if (CutsOff(column, weights.Slice(output * channels * taps, channels * taps), channels, taps))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Whether any two products that are added are more than 16 bits hold.</summary>
    /// <param name="column">What is multiplied, channel by channel of each tap.</param>
    /// <param name="weights">The weights of an output, tap by tap of each channel.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="taps">How many taps.</param>
    public static bool CutsOff(ReadOnlySpan<byte> column, ReadOnlySpan<sbyte> weights, int channels, int taps)
    {
        for (var i = 0; i + 1 < column.Length; i += 2)
        {
            var sum = column[i] * weights[i % channels * taps + i / channels]
                + column[i + 1] * weights[(i + 1) % channels * taps + (i + 1) / channels];
            if (sum is < short.MinValue or > short.MaxValue)
                return true;
        }
        return false;
    }
}
