using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes.Chains;

/// <summary>Makes one Reshape of two in a row.</summary>
/// <remarks>Not applied where the second keeps an axis that only the first one's input could tell.</remarks>
internal static class ReshapeChains
{
    public static bool Apply(GraphEditor graph)
    {
        var changed = false;
        foreach (var second in graph.Nodes.Where(n => n.OpType == "Reshape"))
            changed |= graph.Producer(second.Input[0], "Reshape") is { } first && Merge(graph, first, second);
        return changed;
    }

    private static bool Merge(GraphEditor graph, NodeProto first, NodeProto second)
    {
        if (graph.Integers(first, 1) is not { } inner || graph.Integers(second, 1) is not { } outer
            || first.Integer("allowzero", 0) != 0 || second.Integer("allowzero", 0) != 0 || Through(inner, outer) is not { } shape)
            return false;
        graph.SetInput(second, 0, first.Input[0]);
        if (!shape.SequenceEqual(outer))
            graph.SetInput(second, 1, graph.AddIntegers($"{second.Name}.shape", shape));
        return true;
    }

    /// <summary>The second shape as seen from the first one's input; null where it can't be said.</summary>
    private static long[]? Through(long[] inner, long[] outer)
    {
        var shape = outer.ToArray();
        for (var i = 0; i < shape.Length; i++)
            if (shape[i] == Ops.Reshape.Keep)
                shape[i] = inner[i];
        return shape.Count(s => s == Ops.Reshape.Infer) <= 1 ? shape : null;
    }
}
