using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Onnx.Editing;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>Convolutions of one to three axes, and what is a convolution in disguise: Fold and Unfold.</summary>
internal static class Convolutions
{
    public static string Conv(Layer layer, Convolution module)
    {
        var (begins, ends) = Padding(module);
        var input = layer.Input;
        if (module.padding_mode is PaddingModes.Reflect or PaddingModes.Replicate or PaddingModes.Circular
            && begins.Concat(ends).Any(p => p != 0))
        {
            input = layer.Graph.PadSpatial(layer.Part("pad"), input, module.padding_mode, begins, ends);
            begins = ends = new long[begins.Length];
        }
        return layer.Add("Conv", Inputs(layer, module, input), Geometry(module, begins, ends));
    }

    public static string ConvTranspose(Layer layer, ConvolutionTranspose module)
    {
        // TorchSharp passes only the first output padding on, so an asymmetric one doesn't do what it says.
        if (module.output_padding.Distinct().Count() > 1)
            throw layer.Error($"has the output padding [{string.Join(", ", module.output_padding)}], of which TorchSharp uses only the "
                + "first. Make both the same.");
        return layer.Add("ConvTranspose", Inputs(layer, module, layer.Input),
            [.. Geometry(module, module.padding!, module.padding!), Attribute("output_padding", module.output_padding)]);
    }

    /// <summary>Patches as columns: a convolution whose kernels have a single one, then the pixels joined.</summary>
    public static string Unfold(Layer layer, Unfold module)
    {
        using var scope = NewDisposeScope();
        var (channels, kernel) = (layer.Shape[1], Pair(module.kernel_size));
        var patches = layer.AddPart("patches", "Conv", [layer.Input, layer.Weight("kernels", OneHot(channels, kernel))],
            Geometry(kernel, Pair(module.stride), Pair(module.dilation), channels, Pair(module.padding), Pair(module.padding)));
        return layer.Graph.Reshape(layer.Path, patches, Ops.Reshape.Keep, channels * kernel[0] * kernel[1], Ops.Reshape.Infer);
    }

    /// <summary>The sum of patches where they overlap: the transposed convolution of <see cref="Unfold"/>.</summary>
    public static string Fold(Layer layer, Fold module)
    {
        using var scope = NewDisposeScope();
        var (kernel, stride, dilation, padding) =
            (Pair(module.kernel_size), Pair(module.stride), Pair(module.dilation), Pair(module.padding));
        var (size, channels) = (Pair(module.output_size), layer.OutputShape[1]);
        long Span(int axis) => size[axis] + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1;
        var patches = layer.Graph.Reshape(layer.Part("patches"), layer.Input,
            Ops.Reshape.Keep, layer.Shape[1], Span(0) / stride[0] + 1, Span(1) / stride[1] + 1);
        return layer.Add("ConvTranspose", [patches, layer.Weight("kernels", OneHot(channels, kernel))],
            [.. Geometry(kernel, stride, dilation, channels, padding, padding),
                Attribute("output_padding", [Span(0) % stride[0], Span(1) % stride[1]])]);
    }

    /// <summary>The padding before and after each axis.</summary>
    private static (long[] Begins, long[] Ends) Padding(Convolution module)
    {
        if (module.padding is { } given)
            return (given, given);
        if (module.padding_type != TorchSharp.Padding.Same)
            return (new long[module.kernel_size.Length], new long[module.kernel_size.Length]);
        var totals = module.kernel_size.Zip(module.dilation, (kernel, dilation) => dilation * (kernel - 1)).ToArray();
        // Other modes than zeros get the sizes in the axes' reverse order in TorchSharp, which shows for kernels that aren't square.
        if (module.padding_mode != PaddingModes.Zeros)
            Array.Reverse(totals);
        return ([.. totals.Select(t => t / 2)], [.. totals.Select(t => t - t / 2)]);
    }

    private static List<string> Inputs(Layer layer, Convolution module, string input) =>
        [input, layer.Weight("weight", module.weight), .. layer.Bias(module.bias)];

    private static Onnx.AttributeProto[] Geometry(Convolution module, long[] begins, long[] ends) =>
        Geometry(module.kernel_size, module.stride, module.dilation, module.groups, begins, ends);

    private static Onnx.AttributeProto[] Geometry(long[] kernel, long[] stride, long[] dilation, long groups, long[] begins, long[] ends) =>
    [
        Attribute("dilations", dilation),
        Attribute("group", groups),
        Attribute("kernel_shape", kernel),
        Attribute("pads", begins.Concat(ends)),
        Attribute("strides", stride),
    ];

    // For each channel one kernel a place, which is 1 there: [channels · places, 1, kH, kW].
    private static Tensor OneHot(long channels, long[] kernel)
    {
        var places = kernel[0] * kernel[1];
        return eye(places).repeat(channels, 1).reshape(channels * places, 1, kernel[0], kernel[1]);
    }

    private static long[] Pair((long, long) sizes) => [sizes.Item1, sizes.Item2];
}
