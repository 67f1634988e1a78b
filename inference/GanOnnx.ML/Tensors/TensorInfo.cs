using GanOnnx.ML.Columns;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.ML.Tensors;

/// <summary>An input or output of a graph. Lengths that the graph leaves open are −1.</summary>
internal sealed record TensorInfo(string Name, PrimitiveDataViewType Type, int[] Axes)
{
    public bool HasBatch => Axes is [-1, ..];

    public static TensorInfo Read(string path, string name, NodeMetadata node)
    {
        var type = node.IsTensor ? ElementTypes.ToColumn(node.ElementDataType) : null;
        return type is null
            ? throw Errors.WrongTensorType(path, name, node.IsTensor ? TypeName(node.ElementDataType) : node.OnnxValueType.ToString())
            : new(name, type, node.Dimensions);
    }

    /// <summary>As <c>z Single [N, 128]</c>.</summary>
    public override string ToString() =>
        $"{Name} {Type} [{string.Join(", ", Axes.Select((axis, i) => axis >= 0 ? $"{axis}" : i == 0 ? "N" : "?"))}]";

    private static string TypeName(TensorElementType type) => type.ToString().ToLowerInvariant();
}
