namespace GanOnnx.ML.Cursors;

/// <summary>
/// Batches that wait for their runs, in their order. Helpers of the pool run them one after another as long as there are any,
/// and so does the consumer's thread when it would only wait: nobody sleeps and is woken for each batch.
/// </summary>
/// <param name="helpers">How many at most; the consumer's thread is one more that runs.</param>
internal sealed class RunsAhead(int helpers) : IThreadPoolWorkItem
{
    private readonly Queue<RowBatch> _waiting = new();
    private int _helping;

    public void Add(RowBatch rows)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(rows);
            if (_helping == helpers)
                return;
            _helping++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Comes back when a batch has been run; meanwhile it runs it, or others.</summary>
    public void Finish(RowBatch rows)
    {
        // A batch that nobody added isn't among those that wait.
        while (!rows.IsDone)
            if (!TryRunNext() && !rows.TryRun())
                rows.WaitForRun();
    }

    /// <summary>Leaves what hasn't begun.</summary>
    public void Clear()
    {
        lock (_waiting)
            _waiting.Clear();
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var rows, isHelper: true))
            rows.TryRun();
    }

    private bool TryRunNext()
    {
        if (!TryTake(out var rows, isHelper: false))
            return false;
        rows.TryRun();
        return true;
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RowBatch? rows, bool isHelper)
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out rows))
                return true;
            if (isHelper)
                _helping--;
            return false;
        }
    }
}
