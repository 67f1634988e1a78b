using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Passes.Folding;

/// <summary>A node that computes scale · x + shift, with one constant scale and shift per channel (axis 1).</summary>
internal sealed record PerChannel(string Input, double[] Scale, double[] Shift)
{
    /// <summary>The values that a node may scale and shift: what it has as an input and isn't constant.</summary>
    public static string? InputOf(GraphEditor graph, NodeProto node) => node.OpType switch
    {
        "BatchNormalization" or "Sub" or "Div" when graph.Constant(node.Input[0]) is null => node.Input[0],
        "Sub" => node.Input[1],
        "Mul" or "Add" => node.Input.FirstOrDefault(i => graph.Constant(i) is null),
        _ => null,
    };

    /// <summary>A node as scales and shifts of so many channels; null where it isn't that.</summary>
    public static PerChannel? Of(GraphEditor graph, NodeProto node, string input, int channels, int rank)
    {
        if (node.OpType == "BatchNormalization")
            return OfBatchNorm(graph, node, channels);
        var other = node.Input[0] == input ? node.Input[1] : node.Input[0];
        if (Values(graph, other, channels, rank) is not { } values)
            return null;
        double[] ones = [.. values.Select(_ => 1.0)], zeros = new double[channels];
        return node.OpType switch
        {
            "Mul" => new(input, values, zeros),
            "Div" => new(input, [.. values.Select(v => 1 / v)], zeros),
            "Add" => new(input, ones, values),
            "Sub" when node.Input[0] == input => new(input, ones, [.. values.Select(v => -v)]),
            _ => new(input, [.. ones.Select(v => -v)], values),
        };
    }

    private static PerChannel? OfBatchNorm(GraphEditor graph, NodeProto norm, int channels)
    {
        if (norm.Integer("training_mode", 0) != 0)
            return null;
        var constants = norm.Input.Skip(1).Select(i => Values(graph, i, channels, 1)).ToList();
        if (constants is not [{ } weight, { } bias, { } mean, { } variance])
            return null;
        var epsilon = norm.Number("epsilon", Ops.BatchNormalization.Epsilon);
        double[] scale = [.. weight.Zip(variance, (w, v) => w / Math.Sqrt(v + epsilon))];
        return new(norm.Input[0], scale, [.. bias.Select((b, i) => b - mean[i] * scale[i])]);
    }

    /// <summary>A constant's value for each channel; null where it isn't one that broadcasts so.</summary>
    private static double[]? Values(GraphEditor graph, string name, int channels, int rank)
    {
        if (graph.Constant(name) is not { DataType: (int)DataType.Float } constant || constant.Dims.Count > rank)
            return null;
        // Broadcasting aligns the last axes; a batch norm's lists have only the channels.
        long[] shape = [.. Enumerable.Repeat(1L, rank - constant.Dims.Count), .. constant.Dims];
        var axis = rank == 1 ? 0 : 1;
        if (shape.Where((size, i) => size != 1 && !(i == axis && size == channels)).Any())
            return null;
        var values = MemoryMarshal.Cast<byte, float>(constant.RawData.Span);
        return values.Length == 1 ? [.. Enumerable.Repeat((double)values[0], channels)] : [.. values.ToArray().Select(v => (double)v)];
    }
}
