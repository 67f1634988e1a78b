using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes.Chains;

/// <summary>Makes one Unsqueeze of two in a row.</summary>
/// <remarks>Not applied to axes that count from the end.</remarks>
internal static class UnsqueezeChains
{
    public static bool Apply(GraphEditor graph)
    {
        var changed = false;
        foreach (var second in graph.Nodes.Where(n => n.OpType == "Unsqueeze"))
            changed |= graph.Producer(second.Input[0], "Unsqueeze") is { } first && Merge(graph, first, second);
        return changed;
    }

    private static bool Merge(GraphEditor graph, NodeProto first, NodeProto second)
    {
        if (graph.Integers(first, 1) is not { } inner || graph.Integers(second, 1) is not { } outer || inner.Concat(outer).Any(a => a < 0))
            return false;
        // The second one's axes are the final ones; the first one's lie in the places that they leave free.
        var free = Enumerable.Range(0, (int)inner.Max() + outer.Length + 1).Select(i => (long)i).Except(outer).ToList();
        graph.SetInput(second, 1, graph.AddIntegers($"{second.Name}.axes",
            [.. inner.Select(axis => free[(int)axis]).Concat(outer).Order()]));
        graph.SetInput(second, 0, first.Input[0]);
        return true;
    }
}
