using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Tensors;

/// <summary>Reads a column's rows into a tensor.</summary>
internal abstract class TensorReader
{
    public abstract RowTensor Tensor { get; }

    public abstract void Read(int slot);

    public static TensorReader Create(DataViewRow source, DataViewSchema.Column column, TensorColumn input, TensorShape shape, int size)
    {
        var reader = column.Type is VectorDataViewType ? typeof(VectorReader<>) : typeof(ValueReader<>);
        return (TensorReader)Activator.CreateInstance(
            reader.MakeGenericType(input.Type.RawType), source, column, shape, size)!;
    }
}

internal sealed class ValueReader<T>(DataViewRow source, DataViewSchema.Column column, TensorShape shape, int size) : TensorReader
    where T : unmanaged
{
    private readonly RowTensor<T> _tensor = RowTensor.Create<T>(shape, size);
    private readonly ValueGetter<T> _getter = source.GetGetter<T>(column);

    public override RowTensor Tensor => _tensor;

    public override void Read(int slot) => _getter(ref _tensor[slot][0]);
}

internal sealed class VectorReader<T>(DataViewRow source, DataViewSchema.Column column, TensorShape shape, int size) : TensorReader
    where T : unmanaged
{
    private readonly RowTensor<T> _tensor = RowTensor.Create<T>(shape, size);
    private readonly ValueGetter<VBuffer<T>> _getter = source.GetGetter<VBuffer<T>>(column);
    private VBuffer<T> _row;

    public override RowTensor Tensor => _tensor;

    public override void Read(int slot)
    {
        _getter(ref _row);
        if (_row.Length != shape.Length)
            throw Errors.WrongLength(column.Name, _row.Length, shape.Length);
        _row.CopyTo(_tensor[slot]);
    }
}
