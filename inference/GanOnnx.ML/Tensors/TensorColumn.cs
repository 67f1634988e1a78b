using GanOnnx.Inference;
using GanOnnx.ML.Columns;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Tensors;

/// <summary>A tensor and the column that it is filled from, or that is filled from it.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Column">The column's name.</param>
internal sealed record TensorColumn(TensorDescription Tensor, PrimitiveDataViewType Type, string Column)
{
    /// <summary>The lengths of the axes; those that the graph leaves open are −1.</summary>
    public int[] Axes { get; } = [.. Tensor.Axes.Select(axis => axis.Length ?? -1)];

    public bool HasBatch => Axes is [-1, ..];

    /// <exception cref="ModelException">ML.NET's columns can't hold such values.</exception>
    public static TensorColumn Create(string path, TensorDescription tensor, string column) =>
        new(tensor, ElementTypes.ToColumn(tensor.Type) ?? throw Errors.WrongTensorType(path, tensor.Name, tensor.Type), column);
}
