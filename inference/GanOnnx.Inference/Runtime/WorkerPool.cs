using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// As many workers as may run at the same time; threads wait for a free one. The first worker has the session. The others have
/// sessions of their own where there is a way to open them and it gives one, else they share the first.
/// </summary>
internal sealed class WorkerPool(Session session, int size, string path, Func<RunLimit> limit, Func<Session?>? openAnother = null)
    : IDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly Stack<Worker> _workers = new(size);
    private int _made;
    private volatile bool _closed;

    public Session Session => session;

    public int Size => size;

    /// <summary>How many workers nobody has now.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>A free worker, as soon as there is one.</summary>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    /// <exception cref="ModelException">ONNX Runtime has no memory for its buffers.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Worker Rent(BatchShape shape, CancellationToken cancellation)
    {
        ThrowIfClosed();
        _free.Wait(cancellation);
        return Take(shape);
    }

    /// <summary>A free worker, or null if there is none now.</summary>
    /// <inheritdoc cref="Rent"/>
    public Worker? TryRent(BatchShape shape)
    {
        ThrowIfClosed();
        return _free.Wait(0) ? Take(shape) : null;
    }

    public void Return(Worker worker)
    {
        lock (_workers)
            _workers.Push(worker);
        _free.Release();
    }

    /// <summary>Refuses who wants a worker from now on, waits for the runs that are under way, and frees the session.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < size; i++)
            _free.Wait();
        foreach (var worker in _workers)
            worker.Dispose();
        session.Dispose();
        // Wakes the first thread that still waits; each wakes the next.
        _free.Release();
    }

    private void ThrowIfClosed()
    {
        if (_closed)
            throw Errors.Closed(path);
    }

    private Worker Take(BatchShape shape)
    {
        Worker? worker = null;
        try
        {
            ThrowIfClosed();
            lock (_workers)
                _workers.TryPop(out worker);
            worker ??= Make();
            worker.Prepare(shape);
            return worker;
        }
        catch (Exception e)
        {
            if (worker is not null)
                lock (_workers)
                    _workers.Push(worker);
            _free.Release();
            if (e is OnnxRuntimeException)
                throw Errors.CantRun(path, LoadFailure.Reason(e), e);
            throw;
        }
    }

    private Worker Make()
    {
        var own = Interlocked.Increment(ref _made) > 1 ? openAnother?.Invoke() : null;
        return new(own ?? session, own, limit());
    }
}
