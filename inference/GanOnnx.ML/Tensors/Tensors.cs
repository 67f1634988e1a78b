using GanOnnx.Inference.Runtime.Gathering;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Tensors;

/// <summary>A tensor of a batch's rows; pinned, so that ONNX Runtime reads and writes it in place.</summary>
internal abstract class RowTensor
{
    public static RowTensor<T> Create<T>(TensorShape shape, int size) where T : unmanaged => new(shape, size);

    public abstract OrtValue Slice(int first, int count);
}

internal sealed class RowTensor<T>(TensorShape shape, int size) : RowTensor where T : unmanaged
{
    private readonly T[] _values = GC.AllocateArray<T>(checked(size * shape.Length), pinned: true);

    public Span<T> this[int slot] => _values.AsSpan(slot * shape.Length, shape.Length);

    public override OrtValue Slice(int first, int count) => OrtValue.CreateTensorValueFromMemory(
        OrtMemoryInfo.DefaultInstance, _values.AsMemory(first * shape.Length, count * shape.Length), shape.For(count));
}

/// <summary>The shape of a tensor with all lengths known: one row's, or a batch's.</summary>
internal sealed record TensorShape(int[] Axes, bool HasBatch)
{
    /// <summary>Values per row.</summary>
    public int Length { get; } = Axes.Skip(HasBatch ? 1 : 0).Aggregate(1, (a, b) => checked(a * b));

    public long[] For(int rows)
    {
        var shape = Array.ConvertAll(Axes, axis => (long)axis);
        if (HasBatch)
            shape[0] = rows;
        return shape;
    }
}
