using System.Diagnostics;

namespace GanOnnx.Inference.Runtime.Gathering;

/// <summary>One call's rows in the queue.</summary>
internal abstract class Request(int count, ActivityContext activity, CancellationToken cancellation) : IThreadPoolWorkItem
{
    private readonly long _added = Stopwatch.GetTimestamp();
    private CancellationTokenRegistration _cancellation;
    private int _taken, _done;

    public int Count => count;

    /// <summary>Where the call stands in its caller's trace; default if nobody listens.</summary>
    public ActivityContext Activity => activity;

    /// <summary>Rows that no batch has taken yet. The queue's lock guards it.</summary>
    public int Waiting => count - _taken;

    /// <summary>Its place in the queue; null when it isn't there. The queue's lock guards it.</summary>
    public LinkedListNode<Request>? Node { get; set; }

    public TimeSpan Waited => Stopwatch.GetElapsedTime(_added);

    public abstract bool IsOver { get; }

    /// <inheritdoc cref="IWork.Fill"/>
    public abstract void Fill(Worker worker, int row, int first, int rows);

    /// <inheritdoc cref="IWork.Take"/>
    public abstract void Take(Worker worker, int row, int first, int rows);

    public void CancelWith(RequestQueue queue)
    {
        if (!cancellation.CanBeCanceled)
            return;

        _cancellation = cancellation.UnsafeRegister(_ =>
        {
            queue.Remove(this);
            Cancel(cancellation);
            queue.StopUnwanted();
        }, null);
        // It may be done before it was registered.
        if (IsOver)
            _cancellation.Unregister();
    }

    /// <summary>The next rows, at most <paramref name="room"/>. The queue's lock guards it.</summary>
    public Slice Take(int room)
    {
        var slice = new Slice(this, _taken, Math.Min(room, Waiting));
        _taken += slice.Count;
        return slice;
    }

    public void Done(int rows)
    {
        if (Interlocked.Add(ref _done, rows) < count)
            return;

        _cancellation.Unregister();
        // What awaits it would go into the list of the thread that makes batches, whose newest is taken first: the oldest might wait long.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Succeed();

    public void Fail(Exception e)
    {
        _cancellation.Unregister();
        EndWith(e);
    }

    protected abstract void Succeed();

    protected abstract void EndWith(Exception e);

    protected abstract void Cancel(CancellationToken cancellation);
}

/// <summary>One call's work, and the result that it gets when all of it is done.</summary>
internal sealed class Request<TWork, TResult>(
    TWork work, int count, TResult result, ActivityContext activity, CancellationToken cancellation)
        : Request(count, activity, cancellation)
    where TWork : struct, IWork
{
    // Whoever awaits it goes on elsewhere, not in the thread that makes the next batch.
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Result => _result.Task;

    public override bool IsOver => _result.Task.IsCompleted;

    public override void Fill(Worker worker, int row, int first, int rows) => work.Fill(worker, row, first, rows);

    public override void Take(Worker worker, int row, int first, int rows) => work.Take(worker, row, first, rows);

    protected override void Succeed() => _result.TrySetResult(result);

    protected override void EndWith(Exception e) => _result.TrySetException(e);

    protected override void Cancel(CancellationToken cancellation) => _result.TrySetCanceled(cancellation);
}

/// <summary>Rows of a request that are in one batch.</summary>
internal readonly record struct Slice(Request Request, int First, int Count);
