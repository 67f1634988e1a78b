using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Tensors;

/// <summary>A tensor that a run writes, and the getters of columns made from it.</summary>
internal abstract class TensorFetcher
{
    public abstract RowTensor Tensor { get; }

    public static TensorFetcher Create(TensorColumn output, TensorShape shape, int size) => (TensorFetcher)Activator.CreateInstance(
        typeof(TensorFetcher<>).MakeGenericType(output.Type.RawType), shape, size)!;

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the rows that <paramref name="current"/> tells.</summary>
    public static Delegate Getter(TensorColumn output, Func<(TensorFetcher Fetcher, int Slot)> current)
    {
        var make = typeof(TensorFetcher)
            .GetMethod(nameof(Values), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        return (Delegate)make.MakeGenericMethod(output.Type.RawType).Invoke(null, [current])!;
    }

    private static ValueGetter<VBuffer<T>> Values<T>(Func<(TensorFetcher, int)> current) where T : unmanaged =>
        (ref VBuffer<T> value) =>
        {
            var (fetcher, slot) = current();
            var row = ((TensorFetcher<T>)fetcher)[slot];
            var editor = VBufferEditor.Create(ref value, row.Length);
            row.CopyTo(editor.Values);
            value = editor.Commit();
        };
}

internal sealed class TensorFetcher<T>(TensorShape shape, int size) : TensorFetcher where T : unmanaged
{
    private readonly RowTensor<T> _tensor = RowTensor.Create<T>(shape, size);

    public override RowTensor Tensor => _tensor;

    public ReadOnlySpan<T> this[int slot] => _tensor[slot];
}
