namespace Microsoft.ML.Data;

/// <summary>Copies of a cursor's rows: the active columns, the ids and the batches.</summary>
internal sealed class StoredRows
{
    private readonly DataViewRowCursor _source;
    private readonly ValueGetter<DataViewRowId> _id;

    public StoredRows(DataViewRowCursor source)
    {
        _source = source;
        _id = source.GetIdGetter();
        Columns = [.. source.Schema.Select(c => source.IsColumnActive(c) ? StoredColumn.Create(source, c) : null)];
    }

    public StoredColumn[] Columns { get; }

    public List<DataViewRowId> Ids { get; } = [];

    public List<long> Batches { get; } = [];

    public void Add() => Put(Ids.Count);

    /// <summary>Puts the source's row into a slot, a new one or an old one.</summary>
    public void Put(int slot)
    {
        foreach (var column in Columns)
            column?.Put(slot);
        DataViewRowId id = default;
        _id(ref id);
        if (slot == Ids.Count)
        {
            Ids.Add(id);
            Batches.Add(_source.Batch);
        }
        else
            (Ids[slot], Batches[slot]) = (id, _source.Batch);
    }

    public void Clear()
    {
        Ids.Clear();
        Batches.Clear();
    }
}

internal abstract class StoredColumn
{
    public static StoredColumn Create(DataViewRow source, DataViewSchema.Column column) => (StoredColumn)Activator.CreateInstance(
        column.Type is VectorDataViewType vector
            ? typeof(StoredVectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(StoredValues<>).MakeGenericType(column.Type.RawType),
        Rows.Getter(source, column.Index));

    public abstract void Put(int slot);

    /// <summary>The getter of the row in the slot that is told when it is called.</summary>
    public abstract Delegate Getter(Func<int> slot);
}

internal sealed class StoredValues<T>(Delegate getter) : StoredColumn
{
    private readonly ValueGetter<T> _getter = (ValueGetter<T>)getter;
    private readonly List<T> _values = [];

    public override void Put(int slot)
    {
        T value = default;
        _getter(ref value);
        if (slot == _values.Count)
            _values.Add(value);
        else
            _values[slot] = value;
    }

    public override Delegate Getter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _values[slot()]);
}

internal sealed class StoredVectors<T>(Delegate getter) : StoredColumn
{
    private readonly ValueGetter<VBuffer<T>> _getter = (ValueGetter<VBuffer<T>>)getter;
    private readonly List<VBuffer<T>> _values = [];

    public override void Put(int slot)
    {
        var value = slot < _values.Count ? _values[slot] : default;
        _getter(ref value);
        if (slot == _values.Count)
            _values.Add(value);
        else
            _values[slot] = value;
    }

    public override Delegate Getter(Func<int> slot) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));
}
