namespace Microsoft.ML.Data;

/// <summary>A view of which there is one cursor at a time.</summary>
internal abstract class ViewBase(IDataView source) : IDataView
{
    protected IDataView Source { get; } = source;

    public virtual DataViewSchema Schema => Source.Schema;

    public virtual bool CanShuffle => Source.CanShuffle;

    public virtual long? GetRowCount() => Source.GetRowCount();

    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    protected bool[] Active(IEnumerable<DataViewSchema.Column> columns) => CursorBase.Active(Schema, columns);
}

internal sealed class SkipTakeView(IDataView source, long skip, long take) : ViewBase(source)
{
    public override bool CanShuffle => false;

    public override long? GetRowCount() => Source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - skip), take) : null;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(Source.GetRowCursor(columnsNeeded), Schema, Active(columnsNeeded), skip, take);

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema schema, bool[] active, long skip, long take) : LinkedCursor(input, schema, active)
    {
        private long _skip = skip, _take = take;

        public override long Batch => 0;

        protected override bool MoveNextCore()
        {
            if (--_take < 0)
                return false;
            for (; _skip > 0; _skip--)
                if (!Input.MoveNext())
                    return false;
            return Input.MoveNext();
        }
    }
}

/// <summary>A row belongs to the test set by a random number that it always gets.</summary>
internal sealed class SplitView(IDataView source, int seed, double testFraction, bool isTest) : ViewBase(source)
{
    public override bool CanShuffle => false;

    public override long? GetRowCount() => null;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(Source.GetRowCursor(columnsNeeded), Schema, Active(columnsNeeded), new Random(seed), testFraction, isTest);

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema schema, bool[] active, Random random, double fraction, bool isTest)
        : LinkedCursor(input, schema, active)
    {
        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
                if (random.NextSingle() < fraction == isTest)
                    return true;
            return false;
        }
    }
}

/// <summary>Rows in random order out of a pool that is refilled from the source.</summary>
internal sealed class ShuffledView(IDataView source, int seed, int poolSize, bool shuffleSource) : ViewBase(source)
{
    public override bool CanShuffle => true;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var random = rand ?? new Random(seed);
        var input = Source.GetRowCursor(columnsNeeded, shuffleSource ? new Random(random.Next()) : null);
        return new Cursor(input, Schema, Active(columnsNeeded), random, poolSize);
    }

    private sealed class Cursor : LinkedCursor
    {
        private readonly Random _random;
        private readonly int _poolSize;
        private readonly StoredRows _pool;
        private readonly List<int> _waiting = [];
        private int _slot = -1;

        public Cursor(DataViewRowCursor input, DataViewSchema schema, bool[] active, Random random, int poolSize)
            : base(input, schema, active) => (_random, _poolSize, _pool) = (random, poolSize, new(input));

        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckOnRow();
            id = _pool.Ids[_slot];
        };

        protected override bool MoveNextCore()
        {
            while (_waiting.Count < _poolSize && Input.MoveNext())
            {
                var free = _slot >= 0 ? _slot : _pool.Ids.Count;
                _slot = -1;
                _pool.Put(free);
                _waiting.Add(free);
            }

            if (_waiting.Count == 0)
                return false;
            var next = _random.Next(_waiting.Count);
            (_slot, _waiting[next]) = (_waiting[next], _waiting[^1]);
            _waiting.RemoveAt(_waiting.Count - 1);
            return true;
        }

        protected override Delegate Getter(int column) => _pool.Columns[column].Getter(() =>
        {
            CheckOnRow();
            return _slot;
        });
    }
}

/// <summary>Reads a column once, when it is first asked for, and keeps it.</summary>
internal sealed class CacheView(IDataView source) : ViewBase(source)
{
    private readonly Lock _gate = new();
    private readonly StoredColumn[] _columns = new StoredColumn[source.Schema.Count];
    private int _rows = -1;

    public override bool CanShuffle => true;

    public override long? GetRowCount() => _rows < 0 ? null : _rows;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Active(columnsNeeded);
        lock (_gate)
            Read([.. Schema.Where(c => active[c.Index] && _columns[c.Index] is null)]);
        int[] order = [.. Enumerable.Range(0, _rows)];
        rand?.Shuffle(order);
        return new Cursor(this, active, order);
    }

    private void Read(DataViewSchema.Column[] missing)
    {
        if (missing.Length == 0 && _rows >= 0)
            return;

        using var cursor = Source.GetRowCursor(missing);
        var rows = new StoredRows(cursor);
        while (cursor.MoveNext())
            rows.Add();
        foreach (var column in missing)
            _columns[column.Index] = rows.Columns[column.Index];
        _rows = rows.Ids.Count;
    }

    private sealed class Cursor(CacheView view, bool[] active, int[] order) : CursorBase(view.Schema, active)
    {
        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)Row(), 0);

        protected override bool MoveNextCore() => Position + 1 < order.Length;

        protected override Delegate Getter(int column) => view._columns[column].Getter(Row);

        private int Row()
        {
            CheckOnRow();
            return order[(int)Position];
        }
    }
}
