namespace GanOnnx.Inference.Runtime.Gathering;

/// <summary>
/// Gathers the rows of small requests into batches, first come, first served. As many batches as there are workers are
/// made at the same time, by threads of the pool that only live while something waits.
/// </summary>
internal sealed class RequestQueue : IThreadPoolWorkItem
{
    /// <summary>The longest wait there may be.</summary>
    public static readonly TimeSpan MaxQueueDelay = TimeSpan.FromMinutes(1);

    private readonly LinkedList<Request> _requests = [];
    private readonly Engine _engine;
    private readonly BatchShape _shape;
    private readonly string _path;
    private readonly TimeSpan _longestWait;
    private readonly int _limit;
    private readonly Timer _timer;
    private readonly List<(Worker Worker, List<Slice> Slices)> _running = [];
    private CancellationTokenSource _choosing = new();
    private int _waiting, _gatherers;
    private bool _closed;

    /// <param name="path">What messages call the model.</param>
    /// <param name="engine">Runs the batches.</param>
    /// <param name="shape">What a batch consists of.</param>
    /// <param name="longestWait">How long a row may wait for others to fill its batch.</param>
    /// <param name="limit">The most rows that wait.</param>
    public RequestQueue(string path, Engine engine, BatchShape shape, TimeSpan longestWait, int limit)
    {
        (_path, _engine, _shape, _longestWait, _limit) = (path, engine, shape, longestWait, limit);
        engine.Telemetry.Watch(this);
        _timer = new(static queue => ((RequestQueue)queue!).Start(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Rows that wait.</summary>
    public int Length => Volatile.Read(ref _waiting);

    /// <summary>Refuses a request before memory for it is allocated.</summary>
    /// <inheritdoc cref="Add"/>
    public void CheckRoom(int count)
    {
        lock (_requests)
        {
            if (_closed)
                throw Errors.Closed(_path);
            if (count > _limit - _waiting)
                throw Errors.QueueFull(count, _waiting, _limit);
        }
    }

    /// <summary>Puts a request at the end.</summary>
    /// <exception cref="QueueFullException">Too many rows wait.</exception>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    public void Add(Request request)
    {
        lock (_requests)
        {
            CheckRoom(request.Count);
            request.Node = _requests.AddLast(request);
            _waiting += request.Count;
        }

        request.CancelWith(this);
        Start();
    }

    /// <summary>Takes a request out; what is in a batch already is made, but for nobody.</summary>
    public void Remove(Request request)
    {
        lock (_requests)
        {
            if (request.Node is not { } node)
                return;

            _requests.Remove(node);
            request.Node = null;
            _waiting -= request.Waiting;
        }
    }

    /// <summary>Ends the runs that nobody waits for any more.</summary>
    public void StopUnwanted()
    {
        lock (_running)
            foreach (var (worker, slices) in _running)
                if (slices.TrueForAll(slice => slice.Request.IsOver))
                    worker.Stop();
        lock (_requests)
            if (_requests.Count == 0)
                _choosing.Cancel();
    }

    /// <summary>Refuses every request, those that wait included.</summary>
    public void Close()
    {
        Request[] waiting;
        lock (_requests)
        {
            _closed = true;
            waiting = [.. _requests];
            _requests.Clear();
            _waiting = 0;
            foreach (var request in waiting)
                request.Node = null;
        }

        Telemetry.Forget(this);
        _timer.Dispose();
        foreach (var request in waiting)
            request.Fail(Errors.Closed(_path));
    }

    void IThreadPoolWorkItem.Execute()
    {
        var slices = new List<Slice>();
        while (true)
            try
            {
                var workers = _engine.Workers(_shape, Choosing());
                var worker = workers.Rent(_shape, default);
                try
                {
                    // What waits is looked at when a worker is there: until then, more may come.
                    if (!TryTake(slices))
                        return;
                    _engine.Telemetry.Waited(slices);
                    Run(worker, slices);
                }
                finally
                {
                    workers.Return(worker);
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody waited for the workers to be chosen; somebody may by now.
                lock (_requests)
                    if (_requests.Count == 0)
                    {
                        _gatherers--;
                        return;
                    }
            }
            catch (Exception e)
            {
                // No worker: closed, or no memory for it. Everybody who waits hears of it.
                FailAll(e);
                return;
            }
    }

    private void Run(Worker worker, List<Slice> slices)
    {
        try
        {
            var row = 0;
            foreach (var (request, first, count) in slices)
            {
                request.Fill(worker, row, first, count);
                row += count;
            }

            Make(worker, row, slices);
            row = 0;
            foreach (var (request, first, count) in slices)
            {
                request.Take(worker, row, first, count);
                row += count;
            }

            // Not before all are taken: where taking one fails, each is run again.
            foreach (var (request, _, count) in slices)
                request.Done(count);
        }
        catch (Exception e) when (slices.Count == 1)
        {
            Remove(slices[0].Request);
            slices[0].Request.Fail(e);
        }
        catch (Exception)
        {
            // One of them is at fault; the others must not suffer for it.
            foreach (var slice in slices)
                if (!slice.Request.IsOver)
                    Run(worker, [slice]);
        }
    }

    private CancellationToken Choosing()
    {
        lock (_requests)
        {
            if (_choosing.IsCancellationRequested && _requests.Count > 0)
                _choosing = new();
            return _choosing.Token;
        }
    }

    private void Make(Worker worker, int rows, List<Slice> slices)
    {
        lock (_running)
            _running.Add((worker, slices));
        try
        {
            _engine.Run(worker, rows, default, slices);
        }
        finally
        {
            lock (_running)
                _running.Remove((worker, slices));
        }
    }

    // Starts a gatherer if a batch may begin and there are fewer of them than workers, else sets the timer to when one may.
    private void Start()
    {
        lock (_requests)
        {
            if (!MayBegin() || _gatherers >= _engine.Size)
                return;
            _gatherers++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // The rows of the next batch, or false, and the gatherer ends.
    private bool TryTake(List<Slice> slices)
    {
        slices.Clear();
        lock (_requests)
        {
            if (!MayBegin())
            {
                _gatherers--;
                return false;
            }

            for (var room = _shape.Size; room > 0 && _requests.First is { Value: var request };)
            {
                var slice = request.Take(room);
                slices.Add(slice);
                room -= slice.Count;
                _waiting -= slice.Count;
                if (request.Waiting > 0)
                    continue;
                _requests.RemoveFirst();
                request.Node = null;
            }

            return true;
        }
    }

    private bool MayBegin()
    {
        if (_requests.First is not { Value: var oldest } || _closed)
            return false;

        var left = _longestWait - oldest.Waited;
        if (_waiting >= _shape.Size || left <= TimeSpan.Zero)
            return true;
        // Timers count whole milliseconds.
        _timer.Change((long)Math.Ceiling(left.TotalMilliseconds), Timeout.Infinite);
        return false;
    }

    private void FailAll(Exception e)
    {
        Request[] waiting;
        lock (_requests)
        {
            _gatherers--;
            waiting = [.. _requests];
        }

        foreach (var request in waiting)
        {
            Remove(request);
            request.Fail(e);
        }
    }
}
