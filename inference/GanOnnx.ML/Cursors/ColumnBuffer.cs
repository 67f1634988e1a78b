using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Cursors;

/// <summary>The values of a source's column in the rows of a batch.</summary>
internal abstract class ColumnBuffer
{
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, int size)
    {
        var type = column.Type is VectorDataViewType vector
            ? typeof(VectorBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ValueBuffer<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(type, source, column, size)!;
    }

    public abstract void Read(int slot);
}

internal abstract class ColumnBuffer<T>(DataViewRow source, DataViewSchema.Column column, int size) : ColumnBuffer
{
    protected ValueGetter<T> Getter { get; } = source.GetGetter<T>(column);

    protected T[] Values { get; } = new T[size];

    public abstract void Fetch(int slot, ref T value);
}

internal sealed class VectorBuffer<T>(DataViewRow source, DataViewSchema.Column column, int size)
    : ColumnBuffer<VBuffer<T>>(source, column, size)
{
    public override void Read(int slot) => Getter(ref Values[slot]);

    // The consumer may change what it gets, and keeps it beyond the batch.
    public override void Fetch(int slot, ref VBuffer<T> value) => Values[slot].CopyTo(ref value);
}

/// <summary>A type that is not a vector. A getter may reuse or dispose of the object it is given, so each row gets its own.</summary>
internal sealed class ValueBuffer<T>(DataViewRow source, DataViewSchema.Column column, int size)
    : ColumnBuffer<T>(source, column, size)
{
    private readonly bool[] _fetched = new bool[size];

    public override void Read(int slot)
    {
        if (!_fetched[slot] && Values[slot] is IDisposable unwanted)
            unwanted.Dispose();
        (Values[slot], _fetched[slot]) = (default!, false);
        Getter(ref Values[slot]);
    }

    public override void Fetch(int slot, ref T value) => (value, _fetched[slot]) = (Values[slot], true);
}
