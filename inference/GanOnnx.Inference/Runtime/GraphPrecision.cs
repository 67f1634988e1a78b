using GanOnnx.Onnx;
using GanOnnx.Onnx.Editing;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Inference.Runtime;

/// <summary>What a graph computes in, in a few words: <c>float32</c>, <c>float16</c>, <c>int8 in 2 of 3 convolutions, float32
/// else</c>.</summary>
internal static class GraphPrecision
{
    private static readonly HashSet<string> _convolutions = new(StringComparer.Ordinal) { "Conv", "ConvTranspose" };

    // A convolution of numbers that were bytes, which ONNX Runtime makes one of bytes, is one too.
    private static readonly HashSet<string> _integer = new(StringComparer.Ordinal) { "QLinearConv", "ConvInteger" },
        _integerProducts = new(StringComparer.Ordinal) { "QLinearMatMul", "MatMulInteger" };

    public static string Of(ModelProto model)
    {
        var nodes = model.Nodes().ToList();
        var numbers = Numbers(model);
        var makers = nodes.SelectMany(node => node.Output.Select(output => (output, node)))
            .ToLookup(made => made.output, made => made.node);
        bool IsInteger(NodeProto node) => _integer.Contains(node.OpType)
            || (_convolutions.Contains(node.OpType) && node.Input.Count > 1
                && node.Input.Take(2).All(input => makers[input].Any(maker => maker.OpType == "DequantizeLinear")));
        var convolutions = nodes.Where(node => _convolutions.Contains(node.OpType) || _integer.Contains(node.OpType)).ToList();
        var integer = convolutions.Count(IsInteger);
        var products = nodes.Count(node => _integerProducts.Contains(node.OpType));
        return integer > 0 ? $"int8 in {integer} of {convolutions.Count} convolutions, {numbers} else"
            : products > 0 ? $"int8 in {products} matrix products, {numbers} else" : numbers;
    }

    // Of whichever most of the weights are.
    private static string Numbers(ModelProto model)
    {
        var sizes = model.Tensors().GroupBy(tensor => (DataType)tensor.DataType)
            .ToDictionary(same => same.Key, same => same.Sum(tensor => tensor.Dims.Aggregate(1.0, (product, length) => product * length)));
        var types = new[] { (DataType.Float, "float32"), (DataType.Float16, "float16"), (DataType.Bfloat16, "bfloat16"), (DataType.Double, "float64") };
        return types.MaxBy(type => sizes.GetValueOrDefault(type.Item1)).Item2;
    }
}
