using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Cursors;

/// <summary>The source's own cursor where no output of the model is asked for.</summary>
internal sealed class PassingCursor(RowMapping mapping, DataViewRowCursor rows, bool[] active) : DataViewRowCursor
{
    public override DataViewSchema Schema => mapping.OutputSchema;

    public override long Position => rows.Position;

    public override long Batch => rows.Batch;

    public override bool MoveNext() => rows.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.Check<TValue>(this, column);
        return rows.GetGetter<TValue>(mapping.InputSchema[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rows.Dispose();
        base.Dispose(disposing);
    }
}
