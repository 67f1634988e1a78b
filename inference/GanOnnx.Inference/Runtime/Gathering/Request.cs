using System.Diagnostics;
using GanOnnx.Inference.Models;

namespace GanOnnx.Inference.Runtime.Gathering;

/// <summary>One call's images in the queue.</summary>
internal sealed class Request(SeedWork work, int count, ImageBatch result, ActivityContext activity, CancellationToken cancellation)
{
    // Whoever awaits it goes on elsewhere, not in the thread that makes the next batch.
    private readonly TaskCompletionSource<ImageBatch> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _added = Stopwatch.GetTimestamp();
    private CancellationTokenRegistration _cancellation;
    private int _taken, _done;

    public SeedWork Work => work;

    public int Count => count;

    /// <summary>Where the call stands in its caller's trace; default if nobody listens.</summary>
    public ActivityContext Activity => activity;

    /// <summary>Images that no batch has taken yet. The queue's lock guards it.</summary>
    public int Waiting => count - _taken;

    /// <summary>Its place in the queue; null when it isn't there. The queue's lock guards it.</summary>
    public LinkedListNode<Request>? Node { get; set; }

    public TimeSpan Waited => Stopwatch.GetElapsedTime(_added);

    public Task<ImageBatch> Result => _result.Task;

    public bool IsOver => _result.Task.IsCompleted;

    public void CancelWith(RequestQueue queue)
    {
        if (!cancellation.CanBeCanceled)
            return;

        _cancellation = cancellation.UnsafeRegister(_ =>
        {
            queue.Remove(this);
            _result.TrySetCanceled(cancellation);
        }, null);
        // It may be done before it was registered.
        if (IsOver)
            _cancellation.Unregister();
    }

    /// <summary>The next images, at most <paramref name="room"/>. The queue's lock guards it.</summary>
    public Slice Take(int room)
    {
        var slice = new Slice(this, _taken, Math.Min(room, Waiting));
        _taken += slice.Count;
        return slice;
    }

    public void Done(int images)
    {
        if (Interlocked.Add(ref _done, images) < count)
            return;

        _cancellation.Unregister();
        _result.TrySetResult(result);
    }

    public void Fail(Exception e)
    {
        _cancellation.Unregister();
        _result.TrySetException(e);
    }
}

/// <summary>Images of a request that are in one batch.</summary>
internal readonly record struct Slice(Request Request, int First, int Count);
