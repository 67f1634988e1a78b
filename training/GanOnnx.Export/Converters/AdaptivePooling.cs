using GanOnnx.Export.Graphs;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;

namespace GanOnnx.Export.Converters;

/// <summary>Pooling into a given number of windows.</summary>
internal static class AdaptivePooling
{
    public static string Average(Layer layer, AdaptiveAvgPool1d module) => Pool(layer, [module.output_size], Kind.Average);

    public static string Average(Layer layer, AdaptiveAvgPool2d module) => Pool(layer, module.output_size, Kind.Average);

    public static string Average(Layer layer, AdaptiveAvgPool3d module) => Pool(layer, module.output_size, Kind.Average);

    public static string Max(Layer layer, AdaptiveMaxPool1d module) => Pool(layer, [module.output_size], Kind.Max);

    public static string Max(Layer layer, AdaptiveMaxPool2d module) => Pool(layer, module.output_size, Kind.Max);

    private static string Pool(Layer layer, long[] counts, Kind kind)
    {
        var (sizes, open) = (layer.Shape[2..], layer.Graph.MayHaveOpenSizes);
        if (counts.All(c => c == 1))
            return layer.Add($"Global{kind}Pool");
        if (!open && sizes.Zip(counts).All(p => p.First % p.Second == 0))
        {
            long[] kernel = [.. sizes.Zip(counts, (size, count) => size / count)];
            return layer.Add($"{kind}Pool", Attribute("kernel_shape", kernel), Attribute("strides", kernel));
        }
        var axes = Enumerable.Range(0, counts.Length).Where(i => open || sizes[i] != counts[i]).ToList();
        var input = layer.Input;
        foreach (var i in axes)
            input = PoolAxis(layer, input, new Axis(i + 2, counts[i], layer.Shape), kind,
                i == axes[^1] ? layer.Path : layer.Part($"axis{i + 2}"));
        return input;
    }

    /// <summary>
    /// One axis: its windows, which differ in size by one, are gathered side by side. A place after a window's end repeats
    /// its last value, which changes no maximum and weighs nothing in a mean.
    /// </summary>
    private static string PoolAxis(Layer layer, string input, Axis axis, Kind kind, string name)
    {
        var graph = layer.Graph;
        var (indices, weights) = graph.MayHaveOpenSizes ? WindowsOfOpen(graph, name, input, axis) : WindowsOfFixed(graph, name, axis);
        var windows = graph.Add("Gather", $"{name}.windows", [input, indices], Attribute("axis", axis.Index));
        if (kind == Kind.Max)
            return graph.Reduce("ReduceMax", name, windows, [axis.Index + 1], keep: false);
        var aligned = graph.Unsqueeze($"{name}.weights", weights(),
            [.. Enumerable.Range(2, axis.Rank - axis.Index - 1).Select(i => (long)i)]);
        return graph.Reduce("ReduceSum", name, graph.Add("Mul", $"{name}.weighted", [windows, aligned]), [axis.Index + 1], keep: false);
    }

    private static (string Indices, Func<string> Weights) WindowsOfFixed(GraphBuilder graph, string name, Axis axis)
    {
        var windows = Enumerable.Range(0, (int)axis.Count)
            .Select(i => (Start: i * axis.Size / axis.Count, End: ((i + 1) * axis.Size + axis.Count - 1) / axis.Count)).ToList();
        var width = windows.Max(w => w.End - w.Start);
        long[] indices = [.. windows.SelectMany(w => Enumerable.Range(0, (int)width).Select(i => Math.Min(w.Start + i, w.End - 1)))];
        float[] weights = [.. windows.SelectMany(w =>
            Enumerable.Range(0, (int)width).Select(i => w.Start + i < w.End ? 1f / (w.End - w.Start) : 0))];
        return (graph.Matrix($"{name}.indices", axis.Count, indices), () => graph.Matrix($"{name}.means", axis.Count, weights));
    }

    // The same from the size that the axis has when the model runs.
    private static (string Indices, Func<string> Weights) WindowsOfOpen(GraphBuilder graph, string name, string input, Axis axis)
    {
        string Add(string operatorType, string part, params string[] inputs) => graph.Add(operatorType, $"{name}.{part}", inputs);
        string Column(string part, Func<long, long> value) =>
            graph.Matrix($"{name}.{part}", axis.Count, [.. Enumerable.Range(0, (int)axis.Count).Select(i => value(i))]);
        var count = graph.Initializer($"{name}.count", axis.Count);
        var (one, less) = (graph.Initializer($"{name}.one", 1L), graph.Initializer($"{name}.less", axis.Count - 1));

        var size = graph.Sizes($"{name}.size", input, axis.Index, axis.Index + 1);
        var starts = Add("Div", "starts", Add("Mul", "scaled_starts", size, Column("numbers", i => i)), count);
        var scaledEnds = Add("Add", "rounded_ends", Add("Mul", "scaled_ends", size, Column("next_numbers", i => i + 1)), less);
        var ends = Add("Div", "ends", scaledEnds, count);
        // No window is wider than a count-th of the size, rounded up, and one.
        var width = Add("Add", "width", Add("Div", "part", Add("Add", "rounded_size", size, less), count), one);
        var places = Add("Range", "places", graph.Number($"{name}.from", 0), graph.Squeeze($"{name}.to", width, 0),
            graph.Number($"{name}.step", 1));
        var all = Add("Add", "all", starts, places);
        return (Add("Min", "indices", all, Add("Sub", "last", ends, one)), () =>
        {
            var within = graph.Cast($"{name}.within", Add("Less", "before_end", all, ends), Onnx.TensorProto.Types.DataType.Float);
            return Add("Div", "means", within,
                graph.Cast($"{name}.lengths", Add("Sub", "lengths", ends, starts), Onnx.TensorProto.Types.DataType.Float));
        }
        );
    }

    private enum Kind
    {
        Average,
        Max,
    }

    /// <summary>An axis of the input, and how many windows it is pooled into.</summary>
    private sealed record Axis(int Index, long Count, long[] Shape)
    {
        public long Size => Shape[Index];

        public int Rank => Shape.Length;
    }
}
