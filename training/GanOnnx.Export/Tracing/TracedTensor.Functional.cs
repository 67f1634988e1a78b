using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using TorchSharp;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;
using Functional = TorchSharp.torch.nn.functional;

namespace GanOnnx.Export;

// What torch.nn.functional has and a custom module needs; a child module is called with module.call(input).
public sealed partial class TracedTensor
{
    /// <summary>x · weightᵀ + bias, as <c>functional.linear</c>.</summary>
    public static TracedTensor linear(TracedTensor input, TracedTensor weight, TracedTensor? bias = null)
    {
        var product = input.matmul(weight.transpose(0, 1));
        return bias is null ? product : product + bias;
    }

    /// <summary>A convolution of <c>[N, C, H, W]</c> with a weight of <c>[out, C / groups, kH, kW]</c>, as
    /// <c>functional.conv2d</c>.</summary>
    public static TracedTensor conv2d(TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long stride = 1, long padding = 0,
        long dilation = 1, long groups = 1) =>
        Traced("Conv", ComputePrecision.conv2d(input.Value, weight.Value, bias?.Value, [stride, stride], [padding, padding],
            [dilation, dilation], groups),
            bias is null ? [input, weight] : [input, weight, bias],
            Attribute("dilations", [dilation, dilation]), Attribute("group", groups),
                Attribute("pads", [padding, padding, padding, padding]), Attribute("strides", [stride, stride]));

    /// <summary>A transposed convolution of <c>[N, C, H, W]</c> with a weight of <c>[C, out / groups, kH, kW]</c>, as
    /// <c>functional.conv_transpose2d</c>.</summary>
    public static TracedTensor conv_transpose2d(TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long stride = 1,
        long padding = 0, long output_padding = 0, long dilation = 1, long groups = 1) =>
        Traced("ConvTranspose", ComputePrecision.conv_transpose2d(input.Value, weight.Value, bias?.Value, [stride, stride], [padding, padding],
            [output_padding, output_padding], [dilation, dilation], groups),
            bias is null ? [input, weight] : [input, weight, bias],
            Attribute("dilations", [dilation, dilation]), Attribute("group", groups),
                Attribute("output_padding", [output_padding, output_padding]),
            Attribute("pads", [padding, padding, padding, padding]), Attribute("strides", [stride, stride]));

    /// <summary>
    /// A convolution whose weight is scaled, for each sample, by a style per input channel and, where demodulated, to
    /// unit norm per output channel (StyleGAN2, Karras et al. 2020, section 2.2). It runs as one grouped convolution with
    /// the weights of all samples; in the graph the scales are on the convolution's input and output, which is the same
    /// and leaves the batch open (ONNX's group count is fixed).
    /// </summary>
    /// <param name="input">float32 <c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[out, C, kH, kW]</c>.</param>
    /// <param name="styles"><c>[N, C]</c>.</param>
    /// <param name="demodulate">Whether each sample's weight is scaled to unit norm per output channel.</param>
    /// <param name="padding">Zeros around the image.</param>
    public static TracedTensor modulated_conv2d(TracedTensor input, TracedTensor weight, TracedTensor styles, bool demodulate = true,
        long padding = 0)
    {
        var (n, c, outputs) = (input.shape[0], input.shape[1], weight.shape[0]);
        if (GraphOf(input, styles) is not null)
            return ModulatedByScales(input, weight, styles, demodulate, padding);

        var scaled = weight.Value.unsqueeze(0) * styles.Value.reshape(n, 1, c, 1, 1);
        if (demodulate)
            scaled = scaled * (scaled.square().sum([2L, 3L, 4L], true) + DemodulationEpsilon).rsqrt();
        var grouped = Functional.conv2d(input.Value.reshape(1, n * c, input.shape[2], input.shape[3]),
            scaled.reshape(n * outputs, c, weight.shape[2], weight.shape[3]), null, [1, 1], [padding, padding], [1, 1], n);
        return new TracedTensor(grouped.reshape(n, outputs, grouped.shape[2], grouped.shape[3]));
    }

    private const double DemodulationEpsilon = 1e-8;

    private static TracedTensor ModulatedByScales(TracedTensor input, TracedTensor weight, TracedTensor styles, bool demodulate,
        long padding)
    {
        var result = conv2d(input * styles.unsqueeze(-1).unsqueeze(-1), weight, padding: padding);
        if (!demodulate)
            return result;
        TracedTensor energy = weight.Value.square().sum([2L, 3L]).transpose(0, 1); // [C, out]
        return result * (styles.square().matmul(energy) + DemodulationEpsilon).rsqrt().unsqueeze(-1).unsqueeze(-1);
    }

    /// <summary>Twice, three times, … as many pixels, each repeated.</summary>
    /// <param name="scale">A whole factor, at least 1.</param>
    public TracedTensor upsample_nearest2d(long scale) =>
        Traced("Resize", Functional.interpolate(Value, null, [scale, scale], InterpolationMode.Nearest), (graph, name, input) =>
            graph.Add("Resize", name, [input, "", graph.Initializer($"{name}.scales", [1f, 1f, scale, scale])],
                Attribute("coordinate_transformation_mode", "asymmetric"), Attribute("mode", "nearest"),
                    Attribute("nearest_mode", "floor")));

    /// <summary>The mean of each square of pixels.</summary>
    /// <param name="kernel_size">The square's side, which is also the step.</param>
    public TracedTensor avg_pool2d(long kernel_size) =>
        Traced("AveragePool", Functional.avg_pool2d(Value, [kernel_size, kernel_size]), [this],
            Attribute("kernel_shape", [kernel_size, kernel_size]), Attribute("strides", [kernel_size, kernel_size]));

    /// <summary>Zeros (or another value) around the last two axes.</summary>
    public TracedTensor pad(long left, long right, long top, long bottom, double value = 0) =>
        Traced("Pad", Functional.pad(Value, (left, right, top, bottom), PaddingModes.Constant, value), (graph, name, input) =>
            graph.Pad(name, input, "constant", Sides(top, left), Sides(bottom, right), (float)value));

    private long[] Sides(long vertical, long horizontal) => [.. new long[ndim - 2], vertical, horizontal];

    /// <summary>The rows of a table of <c>[rows, …]</c> for int64 indices of any shape.</summary>
    public static TracedTensor embedding(TracedTensor indices, TracedTensor table) =>
        GraphOf(indices) is null
            ? new TracedTensor(Rows(indices.Value, table.Value))
            : Traced("Gather", Rows(indices.Value, table.Value), [table, indices], Attribute("axis", 0));

    private static Tensor Rows(Tensor indices, Tensor table) =>
        table.index_select(0, indices.reshape(-1)).reshape([.. indices.shape, .. table.shape[1..]]);

    /// <summary>
    /// Normalizes over the last axes, those that <paramref name="weight"/> has, as <c>functional.layer_norm</c>.
    /// </summary>
    public static TracedTensor layer_norm(TracedTensor input, TracedTensor weight, TracedTensor? bias = null, double eps = 1e-05)
    {
        var axis = input.ndim - weight.ndim;
        return input.Traced("LayerNorm", Functional.layer_norm(input.Value, weight.shape, weight.Value, bias?.Value, eps),
            (graph, name, value) =>
            graph.LayerNorm(name, value, weight.NameIn(graph), bias?.NameIn(graph), axis, input.ndim, eps));
    }

    /// <summary>x · Φ(x), with Φ the normal distribution, as <c>functional.gelu</c>.</summary>
    public TracedTensor gelu() => Traced("Gelu", Functional.gelu(Value), (graph, name, input) => graph.Gelu(name, input));
}
