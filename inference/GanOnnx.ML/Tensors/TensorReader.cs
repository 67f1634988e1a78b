using System.Runtime.InteropServices;
using GanOnnx.Inference.Images;
using GanOnnx.ML.Columns;
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
        if (input.TakesBytesFrom(Schemas.ItemType(column.Type)))
            return new ByteImageReader(source, column, RowTensor.Create<float>(shape, size), shape, input.FormOf(shape));

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

/// <summary>The bytes of an image file into the form that the tensor has.</summary>
internal sealed class ByteImageReader(DataViewRow source, DataViewSchema.Column column, RowTensor<float> tensor, TensorShape shape,
    ImageForm form)
    : TensorReader
{
    private readonly ValueGetter<VBuffer<byte>> _getter = source.GetGetter<VBuffer<byte>>(column);
    private readonly byte[] _bytes = new byte[shape.Length];
    private VBuffer<byte> _row;

    public override RowTensor Tensor => tensor;

    public override void Read(int slot)
    {
        _getter(ref _row);
        if (_row.Length != shape.Length)
            throw Errors.WrongLength(column.Name, _row.Length, shape.Length);
        _row.CopyTo(_bytes);
        ImageForm.Picture(form.Shape).Convert(_bytes, form, MemoryMarshal.AsBytes(tensor[slot]));
    }
}
