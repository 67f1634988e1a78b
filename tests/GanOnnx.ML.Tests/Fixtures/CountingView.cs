namespace GanOnnx.ML.Tests.Fixtures;

/// <summary>Counts the rows that are read from a view, and notes the columns asked for.</summary>
internal sealed class CountingView(IDataView view) : IDataView
{
    public int Rows { get; private set; }

    public string[] Columns { get; private set; } = [];

    public bool CanShuffle => view.CanShuffle;

    public DataViewSchema Schema => view.Schema;

    public long? GetRowCount() => view.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Columns = [.. columnsNeeded.Select(c => c.Name)];
        return new Cursor(this, view.GetRowCursor(columnsNeeded, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CountingView owner, DataViewRowCursor cursor) : DataViewRowCursor
    {
        public override DataViewSchema Schema => cursor.Schema;

        public override long Position => cursor.Position;

        public override long Batch => cursor.Batch;

        public override bool MoveNext()
        {
            var moved = cursor.MoveNext();
            owner.Rows += moved ? 1 : 0;
            return moved;
        }

        public override Microsoft.ML.ValueGetter<Microsoft.ML.Data.DataViewRowId> GetIdGetter() => cursor.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => cursor.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => cursor.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing) => cursor.Dispose();
    }
}
