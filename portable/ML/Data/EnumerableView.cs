namespace Microsoft.ML.Data;

/// <summary>Objects as rows: a list can be counted and read in any order, other sequences only from front to back.</summary>
internal sealed class EnumerableView<TRow>(IEnumerable<TRow> data, TypedColumn[] columns) : IDataView
    where TRow : class
{
    private readonly IList<TRow> _list = data as IList<TRow>;

    public bool CanShuffle => _list is not null;

    public DataViewSchema Schema { get; } = TypedColumn.Schema(columns);

    public long? GetRowCount() => _list?.Count ?? (data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = CursorBase.Active(Schema, columnsNeeded);
        if (rand is null || _list is null)
            return new Cursor(this, active, data.GetEnumerator(), null);
        int[] order = [.. Enumerable.Range(0, _list.Count)];
        rand.Shuffle(order);
        return new Cursor(this, active, order.Select(i => _list[i]).GetEnumerator(), order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(EnumerableView<TRow> view, bool[] active, IEnumerator<TRow> rows, int[] order) : CursorBase(view.Schema, active)
    {
        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckOnRow();
            id = new((ulong)(order?[Position] ?? Position), 0);
        };

        protected override bool MoveNextCore() => rows.MoveNext();

        protected override Delegate Getter(int column) => view.Column(column).Getter(() =>
        {
            CheckOnRow();
            return rows.Current;
        });

        protected override void Dispose(bool disposing)
        {
            rows.Dispose();
            base.Dispose(disposing);
        }
    }

    private TypedColumn Column(int index) => columns[index];
}
