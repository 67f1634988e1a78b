using System.Runtime.ExceptionServices;
using GanOnnx.Inference.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Cursors;

/// <summary>
/// Reads rows ahead into batches and runs them when the first value is asked for. As long as the consumer asks for values, the
/// batches after the current one run meanwhile on other threads: first none, then one, two, four … up to twice the parallelism and
/// two, so that taking three rows costs one batch, and no thread is out of work while the consumer runs two batches in turn; more
/// where batches are small, for they are over before a thread is awake. Rows that are skipped cost nothing.
/// </summary>
internal sealed class BatchedCursor : DataViewRowCursor
{
    private const int RowsAhead = 32;

    private readonly RowMapping _mapping;
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active, _outputs;
    private readonly int _mostAhead, _helpers;
    private readonly WorkAhead<RowBatch> _runs = new(static rows => rows.TryRun());
    private readonly Queue<RowBatch> _ahead = new();
    private readonly Stack<RowBatch> _free = new();
    private readonly Row _row;
    private RowBatch? _current;
    private int _slot, _depth;
    private long _position = -1;
    private bool _ended, _disposed;

    public BatchedCursor(RowMapping mapping, DataViewRowCursor source, bool[] active, int parallelism)
    {
        mapping.Model.CheckOpen();
        (_mapping, _source, _active) = (mapping, source, active);
        _outputs = mapping.ActiveOutputs(active);
        _mostAhead = parallelism == 1 ? 0 : Math.Max(2 * parallelism + 2, RowsAhead / mapping.Model.BatchSize);
        _helpers = parallelism - 1;
        _row = new(this);
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _position;

    public override long Batch => _current is { } rows ? rows.Batches[_slot] : 0;

    public override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (_current is null || ++_slot == _current.Count)
            if (!MoveToNextBatch())
            {
                Dispose();
                return false;
            }

        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = Current.Ids[_slot];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.Check<TValue>(this, column);
        var (index, inputs) = (column.Index, _mapping.InputSchema.Count);
        return index < inputs
            ? (ref TValue value) => ((ColumnBuffer<TValue>)Current.Columns[index]!).Fetch(_slot, ref value)
            : (ValueGetter<TValue>)_mapping.Binding.MakeGetter(index - inputs, _row);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _runs.Clear();
            // A batch that is running still writes to its buffers and uses the model.
            foreach (var rows in _ahead)
                rows.Reset();
            (_current, _position) = (null, -1);
            _source.Dispose();
        }
        base.Dispose(disposing);
    }

    private RowBatch Current => _current ?? throw Errors.NoRow();

    private bool MoveToNextBatch()
    {
        if (_current is { } last)
        {
            last.SourceFailure?.Throw();
            _depth = last.IsUsed ? Math.Min(_mostAhead, Math.Max(1, 2 * _depth)) : 0;
            last.Reset();
            _free.Push(last);
            _current = null;
        }

        var wasAhead = _ahead.TryDequeue(out var next);
        next ??= Fill();
        if (next.Count == 0)
        {
            next.SourceFailure?.Throw();
            return false;
        }

        // Those that were read ahead wait for their runs already, or have had them.
        if (!wasAhead && _depth > 0)
            _runs.Add(next, _helpers);
        ReadAhead();
        (_current, _slot) = (next, 0);
        return true;
    }

    private void ReadAhead()
    {
        while (_ahead.Count < _depth && !_ended)
        {
            var rows = Fill();
            _runs.Add(rows, _helpers);
            _ahead.Enqueue(rows);
        }
    }

    private RowBatch Fill()
    {
        var rows = _free.Count > 0 ? _free.Pop() : Create();
        try
        {
            while (rows.Count < _mapping.Model.BatchSize && !_ended)
                if (_source.MoveNext())
                    rows.Read();
                else
                    _ended = true;
        }
        catch (Exception e)
        {
            // It belongs to a row that the consumer hasn't come to yet.
            rows.SourceFailure = ExceptionDispatchInfo.Capture(e);
            _ended = true;
        }

        rows.Filled();
        return rows;
    }

    private RowBatch Create()
    {
        var size = _mapping.Model.BatchSize;
        var columns = _mapping.InputSchema.Select(c => _active[c.Index] ? ColumnBuffer.Create(_source, c, size) : null);
        return new(_mapping.Model, _mapping.Binding.CreateBatch(_source, _outputs, size), _source, [.. columns]);
    }

    private Batch Compute()
    {
        var rows = Current;
        rows.Use();
        // The consumer's thread runs this batch or others meanwhile. A batch that nobody added isn't among those that wait.
        while (!rows.IsDone)
            if (!_runs.TryWork() && !rows.TryRun())
                rows.WaitForRun();
        return rows.Result(_slot);
    }

    private sealed class Row(BatchedCursor cursor) : CurrentRow
    {
        public override (Batch Batch, int Slot) Compute() => (cursor.Compute(), cursor._slot);
    }
}
