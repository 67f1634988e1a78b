using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes.Chains;

/// <summary>Makes one Transpose of two in a row.</summary>
internal static class TransposeChains
{
    public static bool Apply(GraphEditor graph)
    {
        var changed = false;
        foreach (var second in graph.Nodes.Where(n => n.OpType == "Transpose"))
            changed |= graph.Producer(second.Input[0], "Transpose") is { } first && Merge(graph, first, second);
        return changed;
    }

    private static bool Merge(GraphEditor graph, NodeProto first, NodeProto second)
    {
        // Without an order the axes are reversed, which nothing here writes.
        if (first.Integers("perm") is not { } inner || second.Integers("perm") is not { } outer)
            return false;
        second.Set("perm", outer.Select(axis => inner[axis]));
        graph.SetInput(second, 0, first.Input[0]);
        return true;
    }
}
