using GanOnnx.Onnx.Editing;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Passes.Quantization;

/// <summary>A convolution or transposed convolution that can be computed with bytes.</summary>
/// <param name="Node">The node.</param>
/// <param name="Relu">The ReLU behind it, which is where its bytes end at 0; null if none follows, or others use what the node gives.</param>
internal sealed record QuantizableLayer(NodeProto Node, NodeProto? Relu)
{
    /// <summary>What the layer is called: as what its node gives, which no other does.</summary>
    public string Name => Node.Output[0];

    /// <summary>The value that goes in.</summary>
    public string Input => Node.Input[0];

    /// <summary>The value that comes out, behind the ReLU.</summary>
    public string Output => (Relu ?? Node).Output[0];

    /// <summary>With fewer channels to make, integers are slower than float32: ONNX Runtime computes 16 of them at a time.</summary>
    public const int FewestChannels = 16;

    // Nor are sums of few products worth it, as a convolution's of each channel by itself.
    private const int FewestProducts = 32;

    /// <summary>Those of a graph, in its order. Weights have to be constant float32 in raw bytes, and make enough channels of enough
    /// products.</summary>
    public static IReadOnlyList<QuantizableLayer> Of(GraphProto graph)
    {
        var editor = new GraphEditor(graph);
        return [.. graph.Node.Where(node => IsOne(editor, node)).Select(node =>
            new QuantizableLayer(node, editor.OnlyUser(node.Output[0]) is { OpType: "Relu" } relu ? relu : null))];
    }

    private static bool IsOne(GraphEditor graph, NodeProto node) =>
        node.OpType is "Conv" or "ConvTranspose" && node.Domain.Length == 0
        && graph.Constant(node.Input[1]) is { DataType: (int)DataType.Float, RawData.Length: > 0, Dims.Count: 4 } weight
        && (node.Input.Count < 3 || node.Input[2].Length == 0
            || graph.Constant(node.Input[2]) is { DataType: (int)DataType.Float, RawData.Length: > 0 })
        && ShapeOf(node, weight) is [>= FewestChannels, var inputs, var height, var width] && inputs * height * width >= FewestProducts;

    private static long[]? ShapeOf(NodeProto node, TensorProto weight) =>
        node.OpType == "Conv" ? [.. weight.Dims] : PhaseConvolution.Of(node, weight)?.Shape;
}
