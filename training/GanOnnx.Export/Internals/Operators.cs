using static GanOnnx.Export.Internals.GraphBuilder;

namespace GanOnnx.Export.Internals;

/// <summary>Operators whose form depends on the operator set or takes constants as inputs. Axes count from 0.</summary>
internal static class Operators
{
    /// <summary>In Reshape's shape: keep the input's axis at that place, so that an open axis stays open.</summary>
    public const long Keep = 0;

    /// <summary>In Reshape's shape: what remains.</summary>
    public const long Infer = -1;

    public static string Reshape(this GraphBuilder graph, string name, string input, params ReadOnlySpan<long> shape) =>
        graph.Add("Reshape", name, [input, graph.Initializer($"{name}.shape", shape)]);

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

    public static string Slice(this GraphBuilder graph, string name, string input, long axis, long start, long end, long step = 1) =>
        graph.Add("Slice", name,
        [
            input, graph.Initializer($"{name}.start", start), graph.Initializer($"{name}.end", end),
            graph.Initializer($"{name}.axis", axis), graph.Initializer($"{name}.step", step),
        ]);

    /// <summary>Cuts an axis into pieces of the given sizes.</summary>
    public static string[] Split(this GraphBuilder graph, string name, string input, long axis, params ReadOnlySpan<long> sizes) =>
        graph.AddMany("Split", name, [input, graph.Initializer($"{name}.sizes", sizes)], sizes.Length, Attribute("axis", axis));

    /// <summary>Adds, multiplies, … by a number.</summary>
    public static string WithNumber(this GraphBuilder graph, string operatorType, string name, string input, double number) =>
        graph.Add(operatorType, name, [input, graph.Scalar($"{name}.by", (float)number)]);
}
