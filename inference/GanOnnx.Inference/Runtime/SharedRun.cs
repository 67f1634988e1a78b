using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// One call's work, done by several workers: the caller works on them, and so do threads of the pool that find a free worker.
/// It depends on none of them: where none comes, the caller does it all.
/// </summary>
internal sealed class SharedRun<TWork>(
    Engine engine, WorkerPool workers, TWork work, int count, BatchShape shape, int share, CancellationToken cancellation)
    : IThreadPoolWorkItem where TWork : struct, IWork
{
    private readonly Activity? _call = Activity.Current;
    private int _next, _helpers;
    private Exception? _failure;

    public void Run()
    {
        var batches = (count + share - 1) / share;
        for (var helpers = Math.Min(workers.Size, batches) - 1; helpers > 0; helpers--)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

        var worker = default(Worker);
        while (TryNext(out var first))
            try
            {
                cancellation.ThrowIfCancellationRequested();
                worker = workers.Rent(shape, cancellation);
                engine.Run(worker, work, first, Math.Min(share, count - first), cancellation);
            }
            catch (Exception e)
            {
                Fail(e);
            }
            finally
            {
                if (worker is not null)
                    workers.Return(worker);
                worker = null;
            }

        Join();
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (this)
        {
            if (_next >= count)
                return;
            _helpers++;
        }

        // The pool clears it when the thread is done here.
        if (_call is not null)
            Activity.Current = _call;
        try
        {
            Help();
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            lock (this)
                if (--_helpers == 0)
                    Monitor.PulseAll(this);
        }
    }

    private void Help()
    {
        while (!cancellation.IsCancellationRequested && workers.TryRent(shape) is { } worker)
            try
            {
                if (!TryNext(out var first))
                    return;

                engine.Run(worker, work, first, Math.Min(share, count - first), cancellation);
            }
            finally
            {
                workers.Return(worker);
            }
    }

    private bool TryNext(out int first)
    {
        lock (this)
        {
            first = _next;
            if (first >= count)
                return false;
            _next = first > count - share ? count : first + share;
            return true;
        }
    }

    private void Fail(Exception e)
    {
        lock (this)
        {
            _failure ??= e;
            _next = count;
        }
    }

    private void Join()
    {
        lock (this)
            while (_helpers > 0)
                Monitor.Wait(this);
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }
}
