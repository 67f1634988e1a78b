using GanOnnx.Export.Graphs;
using GanOnnx.Onnx.Editing;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;

namespace GanOnnx.Export.Converters;

/// <summary>Pooling over windows of given sizes; <see cref="AdaptivePooling"/> has those of given counts.</summary>
internal static class Pooling
{
    public static string Max(Layer layer, MaxPool1d m) =>
        Max(layer, new Windows([m.kernel_size], One(m.stride), One(m.padding), One(m.dilation), m.ceil_mode));

    public static string Max(Layer layer, MaxPool2d m) =>
        Max(layer, new Windows(m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode));

    public static string Max(Layer layer, MaxPool3d m) =>
        Max(layer, new Windows(m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode));

    public static string Average(Layer layer, AvgPool1d m) =>
        Average(layer, new Windows([m.kernel_size], One(m.stride), One(m.padding), null, m.ceil_mode), m.count_include_pad, null);

    public static string Average(Layer layer, AvgPool2d m) =>
        Average(layer, new Windows(m.kernel_size, m.stride, m.padding, null, m.ceil_mode), m.count_include_pad, m.divisor_override);

    public static string Average(Layer layer, AvgPool3d m) =>
        Average(layer, new Windows(m.kernel_size, m.stride, m.padding, null, m.ceil_mode), m.count_include_pad, m.divisor_override);

    public static string Lp(Layer layer, LPPool1d m) =>
        Lp(layer, new Windows([m.kernel_size], One(m.stride), null, null, m.ceil_mode), m.norm_type);

    public static string Lp(Layer layer, LPPool2d m) =>
        Lp(layer, new Windows(m.kernel_size, m.stride, null, null, m.ceil_mode), m.norm_type);

    private static string Max(Layer layer, Windows windows)
    {
        if (windows.Begins.Concat(windows.Ends).Zip(windows.Kernel.Concat(windows.Kernel)).All(p => p.First < p.Second))
            return layer.Add("MaxPool", [.. windows.Attributes(), Attribute("dilations", windows.Dilation)]);
        // ONNX Runtime refuses a padding of a kernel's size or more, which a dilated one may need.
        var padded = layer.Graph.Pad(layer.Part("pad"), layer.Input, "constant", [0, 0, .. windows.Begins], [0, 0, .. windows.Ends],
            float.NegativeInfinity);
        return layer.Add("MaxPool", [padded], [.. windows.WithoutPadding().Attributes(), Attribute("dilations", windows.Dilation)]);
    }

    private static string Average(Layer layer, Windows windows, bool countPadding, long? divisor)
    {
        if (divisor is { } number && number != 0)
        {
            var mean = layer.AddPart("mean", "AveragePool", [layer.Input], Counting(windows, true));
            return layer.Graph.WithNumber("Mul", layer.Path, mean, (double)windows.Size / number);
        }
        if (!countPadding || !windows.Ceil)
            return layer.Add("AveragePool", Counting(windows, countPadding));
        // The zeros of the padding count, but not the part of a window that is over the padding's edge.
        var input = windows.Padding.All(p => p == 0)
            ? layer.Input
            : layer.Graph.Pad(layer.Part("pad"), layer.Input, "constant", [0, 0, .. windows.Padding], [0, 0, .. windows.Padding]);
        return layer.Add("AveragePool", [input], Counting(windows.Overhanging(), false));
    }

    /// <summary>The mean of the powers times their number, as TorchSharp has it: odd powers keep their sign.</summary>
    private static string Lp(Layer layer, Windows windows, double norm)
    {
        if (norm > 0 && norm % 2 == 0 && !windows.Ceil)
            return layer.Add("LpPool", [.. windows.Attributes(), Attribute("p", (long)norm)]);
        var graph = layer.Graph;
        var powers = graph.WithNumber("Pow", layer.Part("powers"), layer.Input, norm);
        var mean = layer.AddPart("mean", "AveragePool", [powers], Counting(windows, false));
        return graph.WithNumber("Pow", layer.Path, graph.WithNumber("Mul", layer.Part("sum"), mean, windows.Size), 1 / norm);
    }

    private static Onnx.AttributeProto[] Counting(Windows windows, bool countPadding) =>
        [.. windows.Attributes(), Attribute("count_include_pad", countPadding ? 1 : 0)];

    private static long[]? One(long? size) => size is { } given ? [given] : null;

    /// <summary>Which windows are pooled. What isn't given is TorchSharp's default.</summary>
    private sealed class Windows(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
    {
        public long[] Kernel { get; } = kernel;

        public long[] Padding { get; private init; } = Full(padding, kernel.Length, 0);

        public long[] Dilation { get; } = Full(dilation, kernel.Length, 1);

        public bool Ceil { get; } = ceil;

        public long[] Begins => Padding;

        /// <summary>
        /// The padding at the end. Rounding the number of windows up is the same as this much more padding, whatever the
        /// input's size, and is read alike by every runtime: the attribute isn't, for a last window within the padding.
        /// </summary>
        public long[] Ends
        {
            get => field
            ?? [.. Padding.Select((p, i) => Ceil ? Math.Min(p + Stride[i] - 1, Reach(i)) : p)]; private init;
        }

        /// <summary>The number of places in a window.</summary>
        public long Size => Kernel.Aggregate(1L, (product, size) => product * size);

        private long[] Stride { get; } = stride is { Length: > 0 } ? Full(stride, kernel.Length, 1) : kernel;

        public Windows WithoutPadding() => new(Kernel, Stride, null, Dilation, false);

        /// <summary>The same windows on an input that has its padding.</summary>
        public Windows Overhanging() =>
            new(Kernel, Stride, null, Dilation, false) { Ends = [.. Ends.Zip(Padding, (end, padding) => end - padding)] };

        public Onnx.AttributeProto[] Attributes() =>
            [Attribute("kernel_shape", Kernel), Attribute("pads", Begins.Concat(Ends)), Attribute("strides", Stride)];

        private long Reach(int axis) => Dilation[axis] * (Kernel[axis] - 1);

        // One size stands for all axes.
        private static long[] Full(long[]? sizes, int axes, long unless) =>
            sizes is null ? [.. Enumerable.Repeat(unless, axes)] : sizes.Length == 1 ? [.. Enumerable.Repeat(sizes[0], axes)] : sizes;
    }
}
