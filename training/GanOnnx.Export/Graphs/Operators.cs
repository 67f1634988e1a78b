using GanOnnx.Onnx;
using TorchSharp;
using static GanOnnx.Onnx.Editing.Attributes;

namespace GanOnnx.Export.Graphs;

/// <summary>Operators whose form depends on the operator set or takes constants as inputs. Axes count from 0.</summary>
internal static class Operators
{
    public static string Reshape(this GraphBuilder graph, string name, string input, params ReadOnlySpan<long> shape) =>
        graph.Add("Reshape", name, [input, graph.Initializer($"{name}.shape", shape)]);

    /// <summary>The same values in the shape of another value, whose axes may be open.</summary>
    public static string ReshapeLike(this GraphBuilder graph, string name, string input, string like) =>
        graph.Add("Reshape", name, [input, graph.Add("Shape", $"{name}.shape", [like])]);

    /// <summary>The sizes of the axes from <paramref name="start"/> to before <paramref name="end"/>, as a list.</summary>
    public static string Sizes(this GraphBuilder graph, string name, string input, long start, long end) =>
        graph.Add("Shape", name, [input], Attribute("start", start), Attribute("end", end));

    public static string Transpose(this GraphBuilder graph, string name, string input, IEnumerable<long> permutation) =>
        graph.Add("Transpose", name, [input], Attribute("perm", permutation));

    public static string Unsqueeze(this GraphBuilder graph, string name, string input, params ReadOnlySpan<long> axes) =>
        graph.Add("Unsqueeze", name, [input, graph.Initializer($"{name}.axes", axes)]);

    public static string Squeeze(this GraphBuilder graph, string name, string input, params ReadOnlySpan<long> axes) =>
        graph.Add("Squeeze", name, [input, graph.Initializer($"{name}.axes", axes)]);

    /// <summary>A sum, mean, largest value, … over axes. ReduceSum takes them as an input, the others from operator set 18 on.</summary>
    public static string Reduce(this GraphBuilder graph, string operatorType, string name, string input, long[] axes, bool keep) =>
        graph.Opset >= 18 || operatorType == "ReduceSum"
            ? graph.Add(operatorType, name, [input, graph.Initializer($"{name}.axes", axes)], Attribute("keepdims", keep ? 1 : 0))
            : graph.Add(operatorType, name, [input], Attribute("axes", axes), Attribute("keepdims", keep ? 1 : 0));

    /// <summary>Limits values; a bound that isn't given is open.</summary>
    public static string Clip(this GraphBuilder graph, string name, string input, float? min, float? max)
    {
        List<string> inputs = [input, min is { } low ? graph.Scalar($"{name}.min", low) : ""];
        if (max is { } high)
            inputs.Add(graph.Scalar($"{name}.max", high));
        return graph.Add("Clip", name, inputs);
    }

    /// <summary>Pads axes from the first on; <paramref name="begins"/> and <paramref name="ends"/> have one entry an axis.</summary>
    public static string Pad(this GraphBuilder graph, string name, string input, string mode, long[] begins, long[] ends, float value = 0)
    {
        List<string> inputs = [input, graph.Initializer($"{name}.pads", [.. begins, .. ends])];
        if (mode == "constant")
            inputs.Add(graph.Scalar($"{name}.value", value));
        return graph.Add("Pad", name, inputs, Attribute("mode", mode));
    }

    /// <summary>Pads the axes after the first two by what is inside: mirrored, its edge, or round the other end.</summary>
    public static string PadSpatial(this GraphBuilder graph, string name, string input, PaddingModes mode, long[] begins, long[] ends)
    {
        if (mode == PaddingModes.Circular && graph.Opset < 19)
            return graph.PadCircular(name, input, begins, ends);
        return graph.Pad(name, input, mode switch
        {
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            _ => "wrap",
        }, [0, 0, .. begins], [0, 0, .. ends]);
    }

    // Pad's mode "wrap" is of operator set 19.
    private static string PadCircular(this GraphBuilder graph, string name, string input, long[] begins, long[] ends)
    {
        var axes = Enumerable.Range(0, begins.Length).Where(i => begins[i] + ends[i] > 0).ToList();
        foreach (var i in axes)
        {
            List<string> parts = [input];
            if (begins[i] > 0)
                parts.Insert(0, graph.Slice($"{name}.last", input, i + 2, -begins[i], long.MaxValue));
            if (ends[i] > 0)
                parts.Add(graph.Slice($"{name}.first", input, i + 2, 0, ends[i]));
            input = graph.Add("Concat", i == axes[^1] ? name : $"{name}.axis", parts, Attribute("axis", i + 2));
        }
        return input;
    }

    public static string Slice(this GraphBuilder graph, string name, string input, long axis, long start, long end, long step = 1) =>
        graph.Add("Slice", name,
        [
            input, graph.Initializer($"{name}.start", start), graph.Initializer($"{name}.end", end),
            graph.Initializer($"{name}.axis", axis), graph.Initializer($"{name}.step", step),
        ]);

    /// <summary>Cuts an axis into pieces of the given sizes.</summary>
    public static string[] Split(this GraphBuilder graph, string name, string input, long axis, params ReadOnlySpan<long> sizes) =>
        graph.AddMany("Split", name, [input, graph.Initializer($"{name}.sizes", sizes)], sizes.Length, Attribute("axis", axis));

    /// <summary>Cuts an axis, which may be open, into two halves.</summary>
    public static string[] SplitInHalves(this GraphBuilder graph, string name, string input, long axis) =>
        graph.Opset >= 18
            ? graph.AddMany("Split", name, [input], 2, Attribute("axis", axis), Attribute("num_outputs", 2))
            : graph.AddMany("Split", name, [input], 2, Attribute("axis", axis));

    public static string Cast(this GraphBuilder graph, string name, string input, TensorProto.Types.DataType type) =>
        graph.Add("Cast", name, [input], Attribute("to", (long)type));

    /// <summary>Adds, multiplies, … by a number.</summary>
    public static string WithNumber(this GraphBuilder graph, string operatorType, string name, string input, double number) =>
        graph.Add(operatorType, name, [input, graph.Scalar($"{name}.by", (float)number)]);
}
