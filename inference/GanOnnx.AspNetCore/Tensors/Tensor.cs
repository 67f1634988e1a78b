using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.AspNetCore.Tensors;

/// <summary>A tensor of the Open Inference Protocol.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Datatype">As <c>FP32</c>.</param>
/// <param name="Shape">The lengths of its axes.</param>
/// <param name="Bytes">Its values, the last axis fastest, the lowest byte of each first.</param>
internal sealed record Tensor(string Name, string Datatype, long[] Shape, ReadOnlyMemory<byte> Bytes)
{
    private static readonly Dictionary<TensorElementType, (string Name, int Bytes)> _types = new()
    {
        [TensorElementType.Float] = ("FP32", 4),
        [TensorElementType.Float16] = ("FP16", 2),
        [TensorElementType.Int64] = ("INT64", 8),
        [TensorElementType.Int32] = ("INT32", 4),
        [TensorElementType.UInt8] = ("UINT8", 1),
    };

    /// <summary>Bytes of a value of a type; null for a type that no model here takes.</summary>
    public static int? BytesOf(string datatype) =>
        _types.Values.Where(type => type.Name == datatype).Select(type => (int?)type.Bytes).FirstOrDefault();

    /// <summary>What the protocol calls a type.</summary>
    public static string NameOf(TensorElementType type) => _types[type].Name;

    /// <summary>What the protocol says of one of a graph's tensors: an axis of any length is −1.</summary>
    public static object Describe(TensorDescription tensor) => new
    {
        tensor.Name,
        Datatype = DatatypeOf(tensor),
        Shape = ShapeOf(tensor),
    };

    public static string DatatypeOf(TensorDescription tensor) =>
        tensor.ElementType() is { } type ? NameOf(type) : tensor.Type == "float64" ? "FP64" : tensor.Type.ToUpperInvariant();

    public static long[] ShapeOf(TensorDescription tensor) => [.. tensor.Axes.Select(axis => (long?)axis.Length ?? -1)];
}
