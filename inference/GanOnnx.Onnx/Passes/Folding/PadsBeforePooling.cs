using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Passes.Folding;

/// <summary>Makes the zeros of a Pad before pooling −0, the same number with another bit.</summary>
/// <remarks>
/// ONNX Runtime (1.29) makes a Pad whose value has no bit set part of the pooling after it, though pooling doesn't pad
/// with zeros (the largest of negative values isn't 0) and refuses pads as large as its window.
/// </remarks>
internal static class PadsBeforePooling
{
    public static void Apply(GraphEditor graph)
    {
        foreach (var pool in graph.Nodes.Where(n => n.OpType is "MaxPool" or "AveragePool"))
            if (graph.Producer(pool.Input[0], "Pad") is { } pad && PadFolding.PadsWithZero(graph, pad))
                graph.SetInput(pad, Ops.Pad.Value, graph.AddConstant($"{pad.Name}.zero", DataType.Float, [], MemoryMarshal.AsBytes([-0f])));
    }
}
