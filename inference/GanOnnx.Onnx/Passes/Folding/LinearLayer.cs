using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Passes.Folding;

/// <summary>A convolution, transposed convolution or matrix product with constant weights, whose outputs can be scaled and
/// shifted.</summary>
internal sealed class LinearLayer
{
    private readonly GraphEditor _graph;
    private readonly NodeProto _node;
    private readonly TensorProto _weight;
    private readonly float[]? _bias;

    private LinearLayer(GraphEditor graph, NodeProto node, TensorProto weight, float[]? bias, int outputs) =>
        (_graph, _node, _weight, _bias, Outputs) = (graph, node, weight, bias, outputs);

    /// <summary>How many channels or features it gives.</summary>
    public int Outputs { get; }

    /// <summary>A node as a linear layer; null where its weights aren't constant float32 or it scales them itself.</summary>
    public static LinearLayer? Of(GraphEditor graph, NodeProto? node)
    {
        if (node is not { OpType: "Conv" or "ConvTranspose" or "Gemm" or "MatMul" }
            || graph.Constant(node.Input[1]) is not { DataType: (int)DataType.Float } weight)
            return null;
        if (node.OpType == "Gemm" && (node.Number("alpha", 1) != 1 || node.Number("beta", 1) != 1))
            return null;
        if (node.OpType == "MatMul" && (weight.Dims.Count != 2 || graph.Rank(node.Input[0]) != 2))
            return null;
        var outputs = (int)(node.OpType switch
        {
            "Conv" => weight.Dims[0],
            "ConvTranspose" => weight.Dims[1] * node.Integer("group", 1),
            _ => weight.Dims[node.Integer("transB", 0) == 1 ? 0 : 1],
        });
        return TryBias(graph, node, outputs, out var bias) ? new LinearLayer(graph, node, weight, bias, outputs) : null;
    }

    /// <summary>Makes a scale and a shift for each output part of the weights, computed in double; false where they leave float32's
    /// range.</summary>
    public bool Absorb(double[] scale, double[] shift)
    {
        var weights = Scaled(scale);
        var bias = shift.Select((s, o) => (float)(s + scale[o] * (_bias?[o] ?? 0))).ToArray();
        if (!weights.All(float.IsFinite) || !bias.All(float.IsFinite))
            return false;
        var weightName = _weight.Name;
        Replace(1, weightName, [.. _weight.Dims], weights);
        if (_bias is not null)
            Replace(2, _node.Input[2], [Outputs], bias);
        else if (bias.Any(b => b != 0))
            AddBias(weightName.EndsWith("weight", StringComparison.Ordinal) ? $"{weightName[..^"weight".Length]}bias"
                : $"{_node.Name}.bias", bias);
        return true;
    }

    private void AddBias(string name, float[] bias)
    {
        if (_node.OpType == "MatMul")
            _node.OpType = "Gemm";
        _graph.SetInput(_node, 2, _graph.AddConstant(name, DataType.Float, [Outputs], MemoryMarshal.AsBytes<float>(bias)));
    }

    private float[] Scaled(double[] scale)
    {
        var old = MemoryMarshal.Cast<byte, float>(_weight.RawData.Span);
        var scaled = new float[old.Length];
        var (rows, columns) = ((int)_weight.Dims[0], (int)_weight.Dims[1]);
        var (rowSize, size) = (old.Length / rows, old.Length / rows / columns);
        var rowsPerGroup = rows / (int)_node.Integer("group", 1);
        var byRow = _node.OpType == "Conv" || _node.Integer("transB", 0) == 1;
        for (var i = 0; i < old.Length; i++)
        {
            var (row, column) = (i / rowSize, i / size % columns);
            // A transposed convolution's weight is [inputs, outputs of one group, …]: the row tells the group.
            var output = byRow ? row : _node.OpType == "ConvTranspose" ? row / rowsPerGroup * columns + column : column;
            scaled[i] = (float)(old[i] * scale[output]);
        }
        return scaled;
    }

    private void Replace(int input, string name, long[] shape, float[] values)
    {
        var bytes = MemoryMarshal.AsBytes<float>(values);
        if (_graph.Uses(name) > 1)
            _graph.SetInput(_node, input, _graph.AddConstant(name, DataType.Float, shape, bytes));
        else
            _graph.SetConstant(name, DataType.Float, shape, bytes);
    }

    private static bool TryBias(GraphEditor graph, NodeProto node, int outputs, out float[]? bias)
    {
        bias = null;
        if (node.Input.Count < 3 || node.Input[2].Length == 0)
            return true;
        if (graph.Constant(node.Input[2]) is not { DataType: (int)DataType.Float } constant)
            return false;
        bias = MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray();
        if (bias.Length == 1)
            bias = [.. Enumerable.Repeat(bias[0], outputs)];
        return bias.Length == outputs && constant.Dims.SkipLast(1).All(d => d == 1);
    }
}
