using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Internals;

/// <summary>
/// Runs a model batch by batch, in as many lanes as are good for the device. Several threads may call it at once.
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly (long Length, DateTime Written) _file;
    private readonly ModelOptions _options;
    private volatile bool _chosen;
    private LanePool _lanes;
    private volatile int _disposed;

    public Engine(string path, ModelOptions options)
    {
        (_path, _options, _file) = (path, options, Stamp(path));
        var (threads, size) = Plan(options);
        var session = Session.Open(path, options, threads);
        Telemetry = new(ModelFile.NameOf(path), session.Provider, options is ImageTranslatorOptions ? "translate" : "generate");
        // Runs of one session at the same time wait for each other in its memory allocator, which shows at small batches.
        var isSmall = new Lazy<bool>(() => ModelFile.IsSmall(path, size));
        _lanes = session.OnGpu
            ? new(session, options.ParallelBatches ?? 2, path)
            : new(session, size, path, () => isSmall.Value ? OpenAnother(threads) : null);
        _chosen = session.OnGpu || size == 1 || options.Threads is not null || options.ParallelBatches is not null;
    }

    public Session Session => _lanes.Session;

    public Telemetry Telemetry { get; }

    /// <summary>How many batches run at the same time.</summary>
    public int Size => _lanes.Size;

    /// <summary>Makes images: all lanes share the work if it is to be spread, else one does it all.</summary>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    /// <exception cref="ModelException">The model failed to run.</exception>
    public void Run<TWork>(TWork work, int count, BatchShape shape, bool spread, CancellationToken cancellation) where TWork : struct, IWork
    {
        using var activity = Telemetry.StartCall(count);
        try
        {
            var lanes = Lanes(shape);
            // Batches are made smaller for lanes that are free, not for those that other callers keep busy.
            var share = spread ? shape.Share(count, Math.Max(1, lanes.Free)) : shape.Size;
            if (spread && lanes.Size > 1 && count > share)
                new SharedRun<TWork>(this, lanes, work, count, shape, share, cancellation).Run();
            else
                for (var first = 0; first < count; first += share)
                    RunBatch(lanes, work, first, Math.Min(share, count - first), shape, cancellation);
        }
        catch (Exception e)
        {
            Telemetry.Fail(activity, e);
            throw;
        }
    }

    /// <summary>The lanes to run on, chosen at the first call.</summary>
    public LanePool Lanes(BatchShape shape)
    {
        if (!_chosen)
            lock (_gate)
                if (!_chosen)
                {
                    _lanes = Choose(shape);
                    _chosen = true;
                }

        return _lanes;
    }

    /// <summary>Runs a lane that is filled, for the current call or for those of the queue.</summary>
    public void Run(Lane lane, int count, List<Slice>? slices = null)
    {
        using var run = Telemetry.StartRun(count, lane.Shape!.Size, slices);
        try
        {
            Try(lane, count);
            run.Succeed();
        }
        catch (ModelException e)
        {
            run.Fail(e);
            throw;
        }
    }

    /// <summary>Makes some of the images in a lane.</summary>
    public void Run<TWork>(Lane lane, TWork work, int first, int count) where TWork : IWork
    {
        work.Fill(lane, 0, first, count);
        Run(lane, count);
        work.Take(lane, 0, first, count);
    }

    /// <summary>Tries each of the shapes a padded batch has, so that no later run waits for a GPU to prepare for one.</summary>
    public void WarmUp(BatchShape shape)
    {
        var lanes = Lanes(shape);
        var lane = lanes.Rent(shape, default);
        try
        {
            for (var count = shape.Size; count > 0; count = (count + 1) / 2 == count ? 0 : (count + 1) / 2)
                Try(lane, count);
        }
        finally
        {
            lanes.Return(lane);
        }
    }

    /// <summary>Lends the session itself, before there is a shape to run.</summary>
    public T Use<T>(Func<Session, T> use)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            return use(_lanes.Session);
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
                _lanes.Dispose();
    }

    private void Try(Lane lane, int count)
    {
        try
        {
            lane.Run(count);
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.CantRun(_path, LoadFailure.Reason(e), e);
        }
    }

    private void RunBatch<TWork>(LanePool lanes, TWork work, int first, int count, BatchShape shape, CancellationToken cancellation)
        where TWork : struct, IWork
    {
        cancellation.ThrowIfCancellationRequested();
        var lane = lanes.Rent(shape, cancellation);
        try
        {
            Run(lane, work, first, count);
        }
        finally
        {
            lanes.Return(lane);
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

    private LanePool Choose(BatchShape shape)
    {
        if (_disposed != 0 || OpenAnother(threads: 0) is not { } session)
            return _lanes;

        var wide = new LanePool(session, 1, _path);
        var faster = _lanes;
        try
        {
            faster = Measurement.Faster(_lanes, wide, shape);
        }
        catch (AggregateException)
        {
            // The model fails; the call that is about to run it says why.
        }

        (faster == wide ? _lanes : wide).Dispose();
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
