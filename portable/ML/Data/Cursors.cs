namespace Microsoft.ML.Data;

/// <summary>The rules of all of ML.NET's cursors: on no row before the first and after the last, and disposed at the end.</summary>
internal abstract class CursorBase(DataViewSchema schema, bool[] active) : DataViewRowCursor
{
    private long _position = -1;
    private bool _disposed;

    public sealed override long Position => _position;

    public sealed override DataViewSchema Schema => schema;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public sealed override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index >= active.Length || !active[column.Index])
            throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");
        return Getter(column.Index) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{schema[column.Index].Type.RawType}'.");
    }

    protected void CheckOnRow()
    {
        if (_position < 0)
            throw new InvalidOperationException("Values cannot be fetched at this time. This method can only be called while the cursor is on a row.");
    }

    protected abstract bool MoveNextCore();

    protected abstract Delegate Getter(int column);

    protected override void Dispose(bool disposing)
    {
        (_disposed, _position) = (true, -1);
        base.Dispose(disposing);
    }

    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[schema.Count];
        foreach (var column in columns)
            active[column.Index] = true;
        return active;
    }
}

/// <summary>A cursor over the rows of another one.</summary>
internal abstract class LinkedCursor(DataViewRowCursor input, DataViewSchema schema, bool[] active) : CursorBase(schema, active)
{
    protected DataViewRowCursor Input { get; } = input;

    public override long Batch => Input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override bool MoveNextCore() => Input.MoveNext();

    protected override Delegate Getter(int column) => Rows.Getter(Input, column);

    protected override void Dispose(bool disposing)
    {
        Input.Dispose();
        base.Dispose(disposing);
    }
}

internal static class Rows
{
    /// <summary>The getter of a column whose type is only known at run time.</summary>
    public static Delegate Getter(DataViewRow row, int column) => Call(nameof(TypedGetter), row.Schema[column].Type.RawType, row, column);

    private static ValueGetter<T> TypedGetter<T>(DataViewRow row, int column) => row.GetGetter<T>(row.Schema[column]);

    private static Delegate Call(string method, Type type, params object[] arguments)
    {
        var generic = typeof(Rows).GetMethod(method, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static);
        return generic.MakeGenericMethod(type).CreateDelegate<Func<DataViewRow, int, Delegate>>()((DataViewRow)arguments[0], (int)arguments[1]);
    }
}
