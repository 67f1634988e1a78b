using GanOnnx.ML.Cursors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Generating;

/// <summary>Every n-th block of rows; a block's number is its batch, by which ML.NET puts several cursors' rows in order again.</summary>
internal sealed class SampleCursor(SampleView view, bool[] active, Permutation? order, int first, int cursors) : DataViewRowCursor
{
    private long _position = -1;
    private long _row = -1;
    private bool _ended;

    public override DataViewSchema Schema => view.Schema;

    public override long Position => _position;

    public override long Batch => Math.Max(0, _row) / view.BlockSize;

    private ulong Index => _row < 0 ? throw Errors.NoRow() : (ulong)(order?[_row] ?? _row);

    public override bool MoveNext()
    {
        if (_ended)
            return false;

        _row = _row < 0 ? (long)first * view.BlockSize
            : (_row + 1) % view.BlockSize != 0 ? _row + 1
            : _row + 1 + (long)(cursors - 1) * view.BlockSize;
        _position++;
        if (_row < view.Count)
            return true;

        (_ended, _row, _position) = (true, -1, -1);
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new(Index, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.Check<TValue>(this, column);
        return column.Index == 0
            ? (ValueGetter<TValue>)(object)(ValueGetter<ulong>)((ref ulong value) => value = Index)
            : (ValueGetter<TValue>)(object)(ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) =>
                value = view.LabelOf!(Index).AsMemory());
    }
}
