using static GanOnnx.Onnx.Editing.Attributes;

namespace GanOnnx.Export.Graphs;

/// <summary>Operators of later operator sets; before, in the parts and the order that ONNX Runtime makes one of.</summary>
internal static class FusedOperators
{
    /// <summary>x · Φ(x), by the error function.</summary>
    public static string Gelu(this GraphBuilder graph, string name, string input)
    {
        if (graph.Opset >= 20)
            return graph.Add("Gelu", name, [input]);
        var erf = graph.Add("Erf", $"{name}.erf", [graph.WithNumber("Div", $"{name}.scaled", input, Math.Sqrt(2))]);
        var product = graph.Add("Mul", $"{name}.product", [input, graph.WithNumber("Add", $"{name}.plus_one", erf, 1)]);
        return graph.WithNumber("Mul", name, product, 0.5);
    }

    /// <summary>Normalizes over the given axis and those after it.</summary>
    public static string LayerNorm(this GraphBuilder graph, string name, string input, string weight, string? bias, long axis, long axes,
        double epsilon)
    {
        if (graph.Opset >= 17)
            return graph.Add("LayerNormalization", name, bias is null ? [input, weight] : [input, weight, bias], Attribute("axis", axis),
                Attribute("epsilon", (float)epsilon));
        long[] reduced = [.. Enumerable.Range((int)axis, (int)(axes - axis)).Select(a => (long)a)];
        var mean = graph.Reduce("ReduceMean", $"{name}.mean", input, reduced, keep: true);
        var centered = graph.Add("Sub", $"{name}.centered", [input, mean]);
        var square = graph.WithNumber("Pow", $"{name}.square", centered, 2);
        var variance = graph.Reduce("ReduceMean", $"{name}.variance", square, reduced, keep: true);
        var deviation = graph.Add("Sqrt", $"{name}.deviation", [graph.WithNumber("Add", $"{name}.epsilon", variance, epsilon)]);
        var normalized = graph.Add("Div", $"{name}.normalized", [centered, deviation]);
        return bias is null
            ? graph.Add("Mul", name, [normalized, weight])
            : graph.Add("Add", name, [graph.Add("Mul", $"{name}.scaled", [normalized, weight]), bias]);
    }
}
