using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Passes.Folding;

/// <summary>Makes a Pad with zeros part of the convolution or average pooling after it.</summary>
/// <remarks>
/// Not applied to crops, to pads of the batch or the channels, or where the padded value is used elsewhere. Of average
/// pooling, only where the zeros are counted as the Pad's are, the sides are equal and less than the window (ONNX
/// Runtime needs both), and no window hangs over the end.
/// </remarks>
internal static class PadFolding
{
    public static bool Apply(GraphEditor graph)
    {
        var changed = false;
        foreach (var node in graph.Nodes.Where(n => n.OpType is "Conv" or "AveragePool"))
            changed |= graph.Producer(node.Input[0], "Pad") is { } pad && graph.Uses(node.Input[0]) == 1 && Fold(graph, pad, node);
        return changed;
    }

    private static bool Fold(GraphEditor graph, NodeProto pad, NodeProto node)
    {
        if (node.Text("auto_pad", "NOTSET") != "NOTSET" || ZeroPads(graph, pad) is not { } added)
            return false;
        var own = node.Integers("pads") ?? new long[added.Length];
        var pads = own.Zip(added, (a, b) => a + b).ToArray();
        if (node.OpType == "AveragePool")
        {
            if (!AllowsPads(node, own, pads))
                return false;
            node.Set(Attributes.Attribute("count_include_pad", 1));
        }
        node.Set("pads", pads);
        graph.SetInput(node, 0, pad.Input[0]);
        return true;
    }

    /// <summary>The pads of the axes after the channels, begins before ends; null where they aren't zeros around the image.</summary>
    private static long[]? ZeroPads(GraphEditor graph, NodeProto pad)
    {
        var named = pad.Input.Count > Ops.Pad.Axes && pad.Input[Ops.Pad.Axes].Length > 0;
        if (named || graph.Integers(pad, Ops.Pad.Pads) is not { } pads || pads.Any(p => p < 0) || !PadsWithZero(graph, pad))
            return null;
        var axes = pads.Length / 2;
        return axes >= 3 && pads[0] + pads[1] + pads[axes] + pads[axes + 1] == 0 ? [.. pads[2..axes], .. pads[(axes + 2)..]] : null;
    }

    /// <summary>Whether a Pad adds zeros.</summary>
    public static bool PadsWithZero(GraphEditor graph, NodeProto pad) =>
        pad.Text("mode", "constant") == "constant"
        && (pad.Input.Count <= Ops.Pad.Value || pad.Input[Ops.Pad.Value].Length == 0
            || (graph.Constant(pad.Input[Ops.Pad.Value]) is { DataType: (int)DataType.Float } value
                && MemoryMarshal.Read<float>(value.RawData.Span) == 0));

    private static bool AllowsPads(NodeProto pool, long[] own, long[] pads)
    {
        var kernel = pool.Integers("kernel_shape")!;
        var axes = kernel.Length;
        return (own.All(p => p == 0) || pool.Integer("count_include_pad", 0) == 1)
            && pool.Integer("ceil_mode", 0) == 0
            && Enumerable.Range(0, axes).All(i => pads[i] == pads[i + axes] && pads[i] < kernel[i]);
    }
}
