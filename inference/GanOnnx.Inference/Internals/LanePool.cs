using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Internals;

/// <summary>
/// As many lanes as may run at the same time; threads wait for a free one. The first lane has the session. The others have
/// sessions of their own where there is a way to open them and it gives one, else they share the first.
/// </summary>
internal sealed class LanePool(Session session, int size, string path, Func<Session?>? openAnother = null) : IDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly Stack<Lane> _lanes = new(size);
    private int _made;
    private volatile bool _closed;

    public Session Session => session;

    public int Size => size;

    /// <summary>How many lanes nobody has now.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>A free lane, as soon as there is one.</summary>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    /// <exception cref="ModelException">ONNX Runtime has no memory for its buffers.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Lane Rent(BatchShape shape, CancellationToken cancellation)
    {
        ThrowIfClosed();
        _free.Wait(cancellation);
        return Take(shape);
    }

    /// <summary>A free lane, or null if there is none now.</summary>
    /// <inheritdoc cref="Rent"/>
    public Lane? TryRent(BatchShape shape)
    {
        ThrowIfClosed();
        return _free.Wait(0) ? Take(shape) : null;
    }

    public void Return(Lane lane)
    {
        lock (_lanes)
            _lanes.Push(lane);
        _free.Release();
    }

    /// <summary>Refuses who wants a lane from now on, waits for the runs that are under way, and frees the session.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < size; i++)
            _free.Wait();
        foreach (var lane in _lanes)
            lane.Dispose();
        session.Dispose();
        // Wakes the first thread that still waits; each wakes the next.
        _free.Release();
    }

    private void ThrowIfClosed()
    {
        if (_closed)
            throw Errors.Closed(path);
    }

    private Lane Take(BatchShape shape)
    {
        Lane? lane = null;
        try
        {
            ThrowIfClosed();
            lock (_lanes)
                _lanes.TryPop(out lane);
            lane ??= Make();
            lane.Prepare(shape);
            return lane;
        }
        catch (Exception e)
        {
            if (lane is not null)
                lock (_lanes)
                    _lanes.Push(lane);
            _free.Release();
            if (e is OnnxRuntimeException)
                throw Errors.CantRun(path, LoadFailure.Reason(e), e);
            throw;
        }
    }

    private Lane Make()
    {
        var own = Interlocked.Increment(ref _made) > 1 ? openAnother?.Invoke() : null;
        return new(own ?? session, own);
    }
}
