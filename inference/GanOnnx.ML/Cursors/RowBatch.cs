using System.Runtime.ExceptionServices;
using GanOnnx.Inference;
using GanOnnx.ML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Cursors;

/// <summary>
/// Rows read ahead of the consumer: the model's batch, and what the consumer may still ask the source for. One thread fills
/// it and moves over it; the run may be on another one.
/// </summary>
internal sealed class RowBatch
{
    private enum State
    {
        Filling,
        Ready,
        Running,
        Done,
    }

    private readonly BatchModel _model;
    private readonly Batch _batch;
    private readonly DataViewRow _source;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly Exception?[] _failures;
    private readonly object _gate = new();
    private volatile State _state;

    public RowBatch(BatchModel model, Batch batch, DataViewRow source, ColumnBuffer?[] columns)
    {
        (_model, _batch, _source, Columns) = (model, batch, source, columns);
        _id = source.GetIdGetter();
        _failures = new Exception?[model.BatchSize];
        Ids = new DataViewRowId[model.BatchSize];
        Batches = new long[model.BatchSize];
    }

    public int Count { get; private set; }

    public DataViewRowId[] Ids { get; }

    public long[] Batches { get; }

    /// <summary>The active columns of the source by index, null where inactive.</summary>
    public ColumnBuffer?[] Columns { get; }

    /// <summary>What the source failed with after the last row.</summary>
    public ExceptionDispatchInfo? SourceFailure { get; set; }

    /// <summary>Whether an output of one of the rows was asked for.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Empties the batch, waiting for its run if that has begun.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            while (_state == State.Running)
                Monitor.Wait(_gate);
            _state = State.Filling;
        }

        Array.Clear(_failures);
        (Count, IsUsed, SourceFailure) = (0, false, null);
    }

    /// <summary>Adds the source's current row.</summary>
    public void Read()
    {
        foreach (var column in Columns)
            column?.Read(Count);
        _id(ref Ids[Count]);
        Batches[Count] = _source.Batch;
        try
        {
            _batch.Read(Count);
        }
        catch (ModelException e)
        {
            _failures[Count] = Errors.RowFails(Ids[Count], e);
        }

        Count++;
    }

    /// <summary>The batch is full, or the source at its end.</summary>
    public void Filled()
    {
        lock (_gate)
            _state = State.Ready;
    }

    /// <summary>Whether the run has ended, well or not.</summary>
    public bool IsDone => _state == State.Done;

    /// <summary>The batch after its run.</summary>
    /// <exception cref="ModelException">The row failed.</exception>
    public Batch Result(int slot) => _failures[slot] is { } failure ? throw Again(failure) : _batch;

    /// <summary>Somebody wants a value.</summary>
    public void Use() => IsUsed = true;

    public void WaitForRun()
    {
        lock (_gate)
            while (_state == State.Running)
                Monitor.Wait(_gate);
    }

    /// <summary>Runs the model, unless the run has begun or the batch isn't full.</summary>
    // Who comes late finds the batch run, being filled, or full again, in which case it may as well run.
    public bool TryRun()
    {
        lock (_gate)
        {
            if (_state != State.Ready)
                return false;
            _state = State.Running;
        }

        try
        {
            Run();
        }
        catch (Exception e)
        {
            Array.Fill(_failures, e, 0, Count);
        }

        lock (_gate)
        {
            _state = State.Done;
            Monitor.PulseAll(_gate);
        }
        return true;
    }

    // Runs of rows that were read without failure, which is nearly always all of them.
    private void Run()
    {
        for (var first = 0; first < Count; first++)
        {
            if (_failures[first] is not null)
                continue;
            var end = first;
            while (end < Count && _failures[end] is null)
                end++;
            Run(first, end - first);
            first = end;
        }
    }

    // One row may make all fail; so each gets its chance.
    private void Run(int first, int count)
    {
        try
        {
            _model.Run(_batch, first, count);
        }
        catch (ModelException e) when (count == 1)
        {
            _failures[first] = Errors.RowFails(Ids[first], e);
        }
        catch (ModelException)
        {
            for (var i = first; i < first + count; i++)
                Run(i, 1);
        }
    }

    // An exception object keeps the stack of its last throw; several rows, or several getters, may meet the same one.
    private static Exception Again(Exception e) => e switch
    {
        ModelException => new ModelException(e.Message, e.InnerException),
        ObjectDisposedException => new ObjectDisposedException(null, e.Message),
        _ => new InvalidOperationException(e.Message, e),
    };
}
