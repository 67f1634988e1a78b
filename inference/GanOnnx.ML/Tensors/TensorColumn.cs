using Microsoft.ML.Data;

namespace GanOnnx.ML.Tensors;

/// <summary>A tensor and the column that it is filled from, or that is filled from it.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Image">How pixels are kept in a column of images; null where it is just what the tensor is.</param>
internal sealed record TensorColumn(TensorInfo Tensor, string Column, PixelType? Image = null)
{
    /// <summary>Whether the column has other values than the tensor: bytes of an image whose tensor has −1 to 1.</summary>
    public bool Converts => Image == PixelType.Byte && Tensor.Type == NumberDataViewType.Single;

    public PrimitiveDataViewType ColumnType => Converts ? NumberDataViewType.Byte : Tensor.Type;
}
