using System.Diagnostics;
using GanOnnx.Inference.Runtime.Gathering;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// Runs a model batch by batch, in as many workers as are good for the device. Several threads may call it at once.
/// </summary>
internal sealed class Engine : IDisposable
{
    // A call of more work than this chooses its workers first. A smaller one is done before the choice would be made, until all of
    // them together have taken as long as a choice.
    private const int MostBatchesOfSmallCall = 4;

    private static readonly TimeSpan _untilChoice = Measurement.Longest;

    private readonly Lock _gate = new();
    private readonly ReaderWriterLockSlim _choosing = new();
    private readonly string _path;
    private readonly string _sha256;
    private readonly ModelContent? _held;
    private readonly ModelOptions _options;
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _chosen;
    private long _ticksBeforeChoice;
    private WorkerPool _workers;
    private volatile int _disposed;

    /// <param name="content">The model.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="call">What traces name a call.</param>
    /// <param name="stop">Ends loading.</param>
    public Engine(ModelContent content, ModelOptions options, string call, CancellationToken stop)
    {
        (_path, _options, _sha256) = (content.Path, options, content.Sha256);
        var (threads, size) = Plan(options);
        _held = content.IsSmall(size) ? content : null;
        var session = Session.Open(content, options.Device, options.DeviceMemoryLimit, threads, options.Threads ?? 1, stop);
        Telemetry = new(ModelFile.NameOf(_path), session.Provider, call);
        // Runs of one session at the same time wait for each other in its memory allocator, which shows at small batches.
        _workers = session.OnGpu
            ? new(session, options.ParallelBatches ?? 2, _path, Limit)
            : new(session, size, _path, Limit, _held is { } held ? () => OpenAnother(held, threads) : null);
        _chosen = session.OnGpu || size == 1 || options.Threads is not null || options.ParallelBatches is not null;
    }

    public Session Session => _workers.Session;

    /// <summary>Limits of a run that isn't a worker's.</summary>
    public RunLimit Limit() => new(_options.Timeout, _closing.Token);

    public Telemetry Telemetry { get; }

    /// <summary>How many batches run at the same time.</summary>
    public int Size => _workers.Size;

    /// <summary>Does work: all workers share it if it is to be spread, else one does it all.</summary>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    /// <exception cref="ModelException">The model failed to run.</exception>
    public void Run<TWork>(TWork work, int count, BatchShape shape, bool spread, CancellationToken cancellation) where TWork : struct, IWork
    {
        using var activity = Telemetry.StartCall(count);
        try
        {
            if (!TryRunBeforeChoice(work, count, shape, spread, cancellation))
                RunOn(Workers(shape, cancellation), work, count, shape, spread, cancellation);
        }
        catch (Exception e)
        {
            Telemetry.Fail(activity, e);
            throw;
        }
    }

    /// <summary>The workers to run on, chosen when they are first asked for.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while they were tried.</exception>
    public WorkerPool Workers(BatchShape shape, CancellationToken cancellation)
    {
        if (!_chosen)
            lock (_gate)
                if (!_chosen)
                {
                    while (!_choosing.TryEnterWriteLock(50))
                        cancellation.ThrowIfCancellationRequested();
                    try
                    {
                        _workers = Choose(shape, cancellation);
                        _chosen = true;
                    }
                    finally
                    {
                        _choosing.ExitWriteLock();
                    }
                }

        return _workers;
    }

    /// <summary>Runs a worker that is filled, for the current call or for those of the queue.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, and the run ended.</exception>
    /// <exception cref="ObjectDisposedException">Closed, and the run ended.</exception>
    public void Run(Worker worker, int count, CancellationToken cancellation, List<Slice>? slices = null)
    {
        using var run = Telemetry.StartRun(count, worker.Shape!.Size, slices);
        try
        {
            Try(worker, count, cancellation);
            run.Succeed();
        }
        catch (Exception e)
        {
            run.Fail(e);
            throw;
        }
    }

    /// <summary>Has a worker do some of the work.</summary>
    public void Run<TWork>(Worker worker, TWork work, int first, int count, CancellationToken cancellation) where TWork : IWork
    {
        work.Fill(worker, 0, first, count);
        Run(worker, count, cancellation);
        work.Take(worker, 0, first, count);
    }

    /// <summary>Tries each of the shapes a padded batch has, so that no later run waits for a GPU to prepare for one.</summary>
    public void WarmUp(BatchShape shape, CancellationToken stop)
    {
        var workers = Workers(shape, stop);
        var worker = workers.Rent(shape, stop);
        try
        {
            for (var count = shape.Size; count > 0; count = (count + 1) / 2 == count ? 0 : (count + 1) / 2)
                Try(worker, count, stop);
        }
        finally
        {
            workers.Return(worker);
        }
    }

    /// <summary>Lends the session itself, before there is a shape to run.</summary>
    public T Use<T>(Func<Session, T> use)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            return use(_workers.Session);
        }
    }

    public void ThrowIfClosed()
    {
        if (_disposed != 0)
            throw Errors.Closed(_path);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Stop();
        lock (_gate)
            _workers.Dispose();
        _closing.Dispose();
        // The lock isn't: a call that has just ended may hold it.
    }

    /// <summary>Ends the runs under way, and every one that begins.</summary>
    public void Stop() => _closing.Cancel();

    private bool TryRunBeforeChoice<TWork>(TWork work, int count, BatchShape shape, bool spread, CancellationToken cancellation)
        where TWork : struct, IWork
    {
        if (_chosen || count > MostBatchesOfSmallCall * shape.Size || Interlocked.Read(ref _ticksBeforeChoice) > _untilChoice.Ticks)
            return false;
        _choosing.EnterReadLock();
        try
        {
            if (_chosen)
                return false;
            var started = Stopwatch.GetTimestamp();
            RunOn(_workers, work, count, shape, spread, cancellation);
            Interlocked.Add(ref _ticksBeforeChoice, Stopwatch.GetElapsedTime(started).Ticks);
            return true;
        }
        finally
        {
            _choosing.ExitReadLock();
        }
    }

    private void RunOn<TWork>(WorkerPool workers, TWork work, int count, BatchShape shape, bool spread, CancellationToken cancellation)
        where TWork : struct, IWork
    {
        // Batches are made smaller for workers that are free, not for those that other callers keep busy.
        var share = spread ? shape.Share(count, Math.Max(1, workers.Free)) : shape.Size;
        if (spread && workers.Size > 1 && count > share)
            new SharedRun<TWork>(this, workers, work, count, shape, share, cancellation).Run();
        else
            for (var first = 0; first < count; first += share)
                RunBatch(workers, work, first, Math.Min(share, count - first), shape, cancellation);
    }

    private void Try(Worker worker, int count, CancellationToken cancellation)
    {
        try
        {
            worker.Run(count, cancellation);
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw _closing.IsCancellationRequested ? Errors.Closed(_path)
                : worker.IsOverdue ? Errors.RunTakesTooLong(_path, _options.Timeout, _options.Called, e)
                : Errors.CantRun(_path, LoadFailure.Reason(e), e);
        }
    }

    private void RunBatch<TWork>(WorkerPool workers, TWork work, int first, int count, BatchShape shape, CancellationToken cancellation)
        where TWork : struct, IWork
    {
        cancellation.ThrowIfCancellationRequested();
        var worker = workers.Rent(shape, cancellation);
        try
        {
            Run(worker, work, first, count, cancellation);
        }
        finally
        {
            workers.Return(worker);
        }
    }

    // Sessions with one thread first: they are the better ones more often than not.
    private static (int Threads, int Size) Plan(ModelOptions options)
    {
        var cores = Environment.ProcessorCount;
        return (options.Threads, options.ParallelBatches) switch
        {
            ({ } threads, { } size) => (threads, size),
            ({ } threads, null) => (threads, Math.Max(1, cores / threads)),
            (null, { } size) => (Math.Max(1, cores / size), size),
            _ => (1, cores),
        };
    }

    private WorkerPool Choose(BatchShape shape, CancellationToken cancellation)
    {
        if (_disposed != 0 || (_held ?? ModelContent.Again(_path, _sha256)) is not { } content
            || OpenAnother(content, threads: 0) is not { } session)
            return _workers;

        var wide = new WorkerPool(session, 1, _path, Limit);
        var faster = _workers;
        try
        {
            faster = Measurement.Faster(_workers, wide, shape, cancellation);
        }
        catch (AggregateException)
        {
            // The model fails; the call that is about to run it says why.
        }

        if (cancellation.IsCancellationRequested)
            faster = _workers;
        (faster == wide ? _workers : wide).Dispose();
        cancellation.ThrowIfCancellationRequested();
        return faster;
    }

    private static Session? OpenAnother(ModelContent content, int threads)
    {
        try
        {
            return Session.OpenCpu(content, threads, default);
        }
        catch (ModelException)
        {
            return null;
        }
    }
}
