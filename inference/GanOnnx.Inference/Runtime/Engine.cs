using GanOnnx.Inference.Runtime.Gathering;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// Runs a model batch by batch, in as many workers as are good for the device. Several threads may call it at once.
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly (long Length, DateTime Written) _file;
    private readonly ModelOptions _options;
    private volatile bool _chosen;
    private WorkerPool _workers;
    private volatile int _disposed;

    /// <param name="path">The model.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="call">What traces name a call.</param>
    public Engine(string path, ModelOptions options, string call)
    {
        (_path, _options, _file) = (path, options, Stamp(path));
        var (threads, size) = Plan(options);
        var session = Session.Open(path, options.Device, options.DeviceMemoryLimit, threads, options.Threads ?? 1);
        Telemetry = new(ModelFile.NameOf(path), session.Provider, call);
        // Runs of one session at the same time wait for each other in its memory allocator, which shows at small batches.
        var isSmall = new Lazy<bool>(() => ModelFile.IsSmall(path, size));
        _workers = session.OnGpu
            ? new(session, options.ParallelBatches ?? 2, path)
            : new(session, size, path, () => isSmall.Value ? OpenAnother(threads) : null);
        _chosen = session.OnGpu || size == 1 || options.Threads is not null || options.ParallelBatches is not null;
    }

    public Session Session => _workers.Session;

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
            var workers = Workers(shape);
            // Batches are made smaller for workers that are free, not for those that other callers keep busy.
            var share = spread ? shape.Share(count, Math.Max(1, workers.Free)) : shape.Size;
            if (spread && workers.Size > 1 && count > share)
                new SharedRun<TWork>(this, workers, work, count, shape, share, cancellation).Run();
            else
                for (var first = 0; first < count; first += share)
                    RunBatch(workers, work, first, Math.Min(share, count - first), shape, cancellation);
        }
        catch (Exception e)
        {
            Telemetry.Fail(activity, e);
            throw;
        }
    }

    /// <summary>The workers to run on, chosen at the first call.</summary>
    public WorkerPool Workers(BatchShape shape)
    {
        if (!_chosen)
            lock (_gate)
                if (!_chosen)
                {
                    _workers = Choose(shape);
                    _chosen = true;
                }

        return _workers;
    }

    /// <summary>Runs a worker that is filled, for the current call or for those of the queue.</summary>
    public void Run(Worker worker, int count, List<Slice>? slices = null)
    {
        using var run = Telemetry.StartRun(count, worker.Shape!.Size, slices);
        try
        {
            Try(worker, count);
            run.Succeed();
        }
        catch (ModelException e)
        {
            run.Fail(e);
            throw;
        }
    }

    /// <summary>Has a worker do some of the work.</summary>
    public void Run<TWork>(Worker worker, TWork work, int first, int count) where TWork : IWork
    {
        work.Fill(worker, 0, first, count);
        Run(worker, count);
        work.Take(worker, 0, first, count);
    }

    /// <summary>Tries each of the shapes a padded batch has, so that no later run waits for a GPU to prepare for one.</summary>
    public void WarmUp(BatchShape shape)
    {
        var workers = Workers(shape);
        var worker = workers.Rent(shape, default);
        try
        {
            for (var count = shape.Size; count > 0; count = (count + 1) / 2 == count ? 0 : (count + 1) / 2)
                Try(worker, count);
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
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            lock (_gate)
                _workers.Dispose();
    }

    private void Try(Worker worker, int count)
    {
        try
        {
            worker.Run(count);
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.CantRun(_path, LoadFailure.Reason(e), e);
        }
    }

    private void RunBatch<TWork>(WorkerPool workers, TWork work, int first, int count, BatchShape shape, CancellationToken cancellation)
        where TWork : struct, IWork
    {
        cancellation.ThrowIfCancellationRequested();
        var worker = workers.Rent(shape, cancellation);
        try
        {
            Run(worker, work, first, count);
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

    private WorkerPool Choose(BatchShape shape)
    {
        if (_disposed != 0 || OpenAnother(threads: 0) is not { } session)
            return _workers;

        var wide = new WorkerPool(session, 1, _path);
        var faster = _workers;
        try
        {
            faster = Measurement.Faster(_workers, wide, shape);
        }
        catch (AggregateException)
        {
            // The model fails; the call that is about to run it says why.
        }

        (faster == wide ? _workers : wide).Dispose();
        return faster;
    }

    // The same model once more. A file that has changed since would be another one.
    private Session? OpenAnother(int threads)
    {
        try
        {
            return Stamp(_path) == _file ? Session.OpenCpu(_path, threads) : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static (long, DateTime) Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
    }
}
