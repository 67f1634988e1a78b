using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes;

/// <summary>
/// Takes out nodes that give what they get: Identity, a Transpose that keeps the order, a Pad or Expand by nothing, a
/// Concat of one, a Reshape to the shape that is there.
/// </summary>
/// <remarks>Not applied between an input and an output, or two outputs: both names must stay.</remarks>
internal static class NoOperations
{
    public static bool Apply(GraphEditor graph)
    {
        var changed = false;
        foreach (var node in graph.Nodes)
            changed |= DoesNothing(graph, node) && graph.Bypass(node);
        return changed;
    }

    private static bool DoesNothing(GraphEditor graph, NodeProto node) => node.OpType switch
    {
        "Identity" => true,
        "Concat" => node.Input.Count == 1,
        "Transpose" => node.Integers("perm") is { } order && order.SequenceEqual(order.Order()),
        "Pad" => graph.Integers(node, 1) is { } pads && pads.All(p => p == 0),
        "Expand" => graph.Integers(node, 1) is { } shape && shape.All(s => s == 1) && shape.Length <= graph.Rank(node.Input[0]),
        "Reshape" => graph.Integers(node, 1) is { } shape && KeepsShape(node, shape) && shape.Length == graph.Rank(node.Input[0]),
        _ => false,
    };

    // All axes but one are kept, so the remaining one is too.
    private static bool KeepsShape(NodeProto reshape, long[] shape) =>
        reshape.Integer("allowzero", 0) == 0
        && shape.All(s => s is Ops.Reshape.Keep or Ops.Reshape.Infer)
        && shape.Count(s => s == Ops.Reshape.Infer) <= 1;
}
