using GanOnnx.Inference;
using GanOnnx.Inference.Images;
using GanOnnx.ML.Columns;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Tensors;

/// <summary>A tensor and the column that it is filled from, or that is filled from it.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Column">The column's name.</param>
internal sealed record TensorColumn(TensorDescription Tensor, PrimitiveDataViewType Type, string Column)
{
    /// <summary>The form of the tensor's images, of some size; null where the column is just what the tensor is.</summary>
    public ImageForm? Image { get; init; }

    /// <summary>How pixels are kept in a column of images.</summary>
    public PixelType Pixels { get; init; }

    /// <summary>The lengths of the axes; those that the graph leaves open are −1.</summary>
    public int[] Axes { get; } = [.. Tensor.Axes.Select(axis => axis.Length ?? -1)];

    public bool HasBatch => Axes is [-1, ..];

    /// <summary>Whether the column has other values than the tensor: bytes of an image whose tensor has floats.</summary>
    public bool Converts => Image is not null && Pixels == PixelType.Byte && Type == NumberDataViewType.Single;

    public PrimitiveDataViewType ColumnType => Converts ? NumberDataViewType.Byte : Type;

    /// <exception cref="ModelException">ML.NET's columns can't hold such values.</exception>
    public static TensorColumn Create(string path, TensorDescription tensor, string column) =>
        new(tensor, ElementTypes.ToColumn(tensor.Type) ?? throw Errors.WrongTensorType(path, tensor.Name, tensor.Type), column);

    /// <summary>Whether a column of this type has the bytes of an image file for a tensor of floats.</summary>
    public bool TakesBytesFrom(DataViewType item) =>
        Image is not null && Type == NumberDataViewType.Single && item == NumberDataViewType.Byte;

    /// <summary>The form of the tensor's images where its shape is known.</summary>
    public ImageForm FormOf(TensorShape shape)
    {
        var (form, (a, b, c)) = (Image!.Value, (shape.Axes[^3], shape.Axes[^2], shape.Axes[^1]));
        return form with { Shape = form.Layout == ChannelLayout.First ? new(a, b, c) : new(c, a, b) };
    }
}
