using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes.Folding;

/// <summary>
/// Makes batch normalization, and adding, subtracting, multiplying or dividing by constants per channel, part of the
/// weights of the convolution, transposed convolution or matrix product before it; also where a matrix product is
/// reshaped to channels in between.
/// </summary>
/// <remarks>
/// Not applied where what the layer gives is used elsewhere, the weights aren't constant float32, or they would leave
/// float32's range. A weight that other layers use stays for them.
/// </remarks>
internal static class AffineFolding
{
    public static bool Apply(GraphEditor graph)
    {
        var changed = false;
        foreach (var node in graph.Nodes)
            while (Fold(graph, node))
                changed = true;
        return changed;
    }

    /// <summary>Folds what follows a layer into it.</summary>
    private static bool Fold(GraphEditor graph, NodeProto node)
    {
        if (LinearLayer.Of(graph, node) is not { } layer || graph.OnlyUser(node.Output[0]) is not { } next)
            return false;
        var (value, channels, rank) = (node.Output[0], layer.Outputs, graph.Constant(node.Input[1])!.Dims.Count);
        if (next.OpType == "Reshape" && graph.Integers(next, 1) is { } shape && Channels(shape, layer.Outputs, node) is { } reshaped)
        {
            (value, channels, rank) = (next.Output[0], reshaped, shape.Length);
            if (graph.OnlyUser(value) is not { } afterwards)
                return false;
            next = afterwards;
        }
        if (PerChannel.InputOf(graph, next) != value || PerChannel.Of(graph, next, value, channels, rank) is not { } affine)
            return false;
        var repeats = layer.Outputs / channels;
        return layer.Absorb(Repeat(affine.Scale, repeats), Repeat(affine.Shift, repeats))
            && graph.Bypass(next, next.Input.IndexOf(value));
    }

    /// <summary>The channels of a Reshape that turns each row of a matrix into [channels, …]; null where it does something else.</summary>
    private static int? Channels(long[] shape, int features, NodeProto node)
    {
        if (node.OpType is not ("Gemm" or "MatMul") || shape.Length < 2 || shape[1] <= 0)
            return null;
        var rest = shape[1..];
        var known = rest.Where(s => s > 0).Aggregate(1L, (product, size) => product * size);
        var batchIsKept = shape[0] == Ops.Reshape.Keep && rest.Count(s => s == Ops.Reshape.Infer) <= 1
            && rest.All(s => s != Ops.Reshape.Keep);
        var batchRemains = shape[0] == Ops.Reshape.Infer && rest.All(s => s > 0) && known == features;
        return (batchIsKept && features % known == 0 && (rest.Contains(Ops.Reshape.Infer) || known == features)) || batchRemains
            ? (int)shape[1] : null;
    }

    private static double[] Repeat(double[] perChannel, int times) => [.. perChannel.SelectMany(v => Enumerable.Repeat(v, times))];
}
