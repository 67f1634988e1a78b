using Microsoft.ML;

namespace GanOnnx.ML.Cursors;

/// <summary>A source's rows with a model's columns, computed in batches when a value is asked for.</summary>
internal sealed class BatchedView(RowMapping mapping, IDataView source) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = mapping.Active(columnsNeeded);
        return Cursor(source.GetRowCursor(mapping.Needed(active), rand), active, mapping.Model.Parallelism);
    }

    // Each of several cursors is moved by a thread of its own, so they share the parallelism.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = mapping.Active(columnsNeeded);
        var sources = source.GetRowCursorSet(mapping.Needed(active), n, rand);
        var parallelism = Math.Max(1, mapping.Model.Parallelism / sources.Length);
        return [.. sources.Select(s => Cursor(s, active, parallelism))];
    }

    private DataViewRowCursor Cursor(DataViewRowCursor rows, bool[] active, int parallelism) =>
        mapping.ActiveOutputs(active).Contains(true)
            ? new BatchedCursor(mapping, rows, active, parallelism)
            : new PassingCursor(mapping, rows, active);
}
