using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Generating;

/// <summary>The numbers of images, and their labels where there are classes: what images are generated from.</summary>
internal sealed class SampleView(long count, int blockSize, Func<ulong, string>? label) : IDataView
{
    public const string Index = "Index", Label = "Label";

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; } = Columns(label is not null);

    public long Count => count;

    /// <summary>Rows that stay together: what one cursor of several gets at a time.</summary>
    public int BlockSize => blockSize;

    public Func<ulong, string>? LabelOf => label;

    public long? GetRowCount() => count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        GetRowCursorSet(columnsNeeded, 1, rand)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
            active[column.Index] = true;
        var blocks = (count + blockSize - 1) / blockSize;
        var cursors = new DataViewRowCursor[Math.Clamp(n, 1, Math.Max(1, blocks))];
        var order = rand is null ? null : new Permutation(count, rand);
        for (var i = 0; i < cursors.Length; i++)
            cursors[i] = new SampleCursor(this, active, order, i, cursors.Length);
        return cursors;
    }

    private static DataViewSchema Columns(bool labelled)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Index, NumberDataViewType.UInt64);
        if (labelled)
            builder.AddColumn(Label, TextDataViewType.Instance);
        return builder.ToSchema();
    }
}
