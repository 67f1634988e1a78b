using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes.Quantization;

/// <summary>
/// A transposed convolution as a convolution: each of the stride × stride phases of its output is a convolution of the input by every
/// stride-th tap of the kernel. It makes them as channels, which are then put in their places, and the edges are cut off.
/// </summary>
/// <remarks>
/// W. Shi et al.: "Is the deconvolution layer the same as a convolutional layer?", 2016, https://arxiv.org/abs/1609.07009. ONNX Runtime has
/// integer kernels for convolutions alone.
/// </remarks>
/// <param name="Weights"><c>[stride² · C', C, K', K']</c>, K' = ⌈K / stride⌉: row, column, channel of a block, in this order.</param>
/// <param name="Shape">The weights' shape.</param>
/// <param name="Pads">Zeros around the input: above, left, below, right.</param>
/// <param name="Block">The stride.</param>
/// <param name="Crop">What is cut off the result, in the same order.</param>
internal sealed record PhaseConvolution(float[] Weights, long[] Shape, long[] Pads, int Block, long[] Crop)
{
    /// <summary>Of a node ConvTranspose; null where it has groups, holes, unequal strides, an output longer than its taps reach, or would
    /// mostly multiply zeros.</summary>
    public static PhaseConvolution? Of(NodeProto node, TensorProto weight)
    {
        if (weight.Dims is not [var inputs, var outputs, var height, var width] || node.Integer("group", 1) != 1
            || node.Text("auto_pad", "NOTSET") != "NOTSET" || node.Find("output_shape") is not null
            || (node.Integers("dilations") ?? []).Any(d => d != 1)
            || (node.Integers("strides") ?? [1, 1]) is not [var stride, var across] || stride != across)
            return null;
        var pads = node.Integers("pads") ?? [0, 0, 0, 0];
        var added = node.Integers("output_padding") ?? [0, 0];
        if (pads is not [_, _, _, _] || added is not [_, _]
            || Axis.Of(height, stride, pads[0], pads[2], added[0]) is not { } down
            || Axis.Of(width, stride, pads[1], pads[3], added[1]) is not { } right)
            return null;
        return new(Phases(weight, (int)stride, (int)down.Taps, (int)right.Taps), [outputs * stride * stride, inputs, down.Taps, right.Taps],
            [down.PadBefore, right.PadBefore, down.PadAfter, right.PadAfter], (int)stride,
            [down.CropBefore, right.CropBefore, down.CropAfter, right.CropAfter]);
    }

    /// <summary>Channels of the result (C').</summary>
    public int Channels => (int)Shape[0] / (Block * Block);

    // Row a, column b and channel c of a block is channel (a · stride + b) · C' + c; its tap j is the kernel's j · stride + a, last one
    // first.
    private static float[] Phases(TensorProto weight, int stride, int down, int right)
    {
        var old = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        var (inputs, outputs, height, width) = ((int)weight.Dims[0], (int)weight.Dims[1], (int)weight.Dims[2], (int)weight.Dims[3]);
        var phases = new float[outputs * stride * stride * inputs * down * right];
        for (var (o, place) = (0, 0); o < outputs * stride * stride; o++)
            for (var i = 0; i < inputs; i++)
                for (var t = 0; t < down * right; t++, place++)
                {
                    var (a, b, c) = (o / outputs / stride, o / outputs % stride, o % outputs);
                    var (y, x) = ((down - 1 - t / right) * stride + a, (right - 1 - t % right) * stride + b);
                    if (y < height && x < width)
                        phases[place] = old[((i * outputs + c) * height + y) * width + x];
                }
        return phases;
    }

    private readonly record struct Axis(long Taps, long PadBefore, long PadAfter, long CropBefore, long CropAfter)
    {
        public static Axis? Of(long kernel, long stride, long padBefore, long padAfter, long added)
        {
            var taps = (kernel + stride - 1) / stride;
            // Of the stride · (n + taps − 1) rows that all positions give; whole blocks of them needn't be computed.
            var (before, after) = (padBefore, taps * stride - kernel + padAfter - added);
            var (skippedBefore, skippedAfter) = (before / stride, Math.Max(0, after) / stride);
            // Without a stride or pads a kernel only makes an image larger, of a single pixel often: that is a matrix product.
            var growsOnly = stride == 1 && padBefore + padAfter < kernel - 1;
            return after < 0 || skippedBefore >= taps || skippedAfter >= taps || growsOnly ? null
                : new(taps, taps - 1 - skippedBefore, taps - 1 - skippedAfter, before - skippedBefore * stride,
                    after - skippedAfter * stride);
        }
    }
}
