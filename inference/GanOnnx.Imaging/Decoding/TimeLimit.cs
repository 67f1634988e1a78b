using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace GanOnnx.Imaging.Decoding;

/// <summary>
/// Runs work that might never end on threads of its own: the caller gets an answer in time, and a thread that goes on is left behind.
/// </summary>
internal static class TimeLimit
{
    // How long a thread without work is kept: starting one takes as long as decoding a small picture.
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentBag<Worker> _workers = [];

    /// <summary>Runs work and gives its result.</summary>
    /// <param name="limit">How long to wait for it.</param>
    /// <param name="work">The work. Its token is cancelled at the limit; it needn't look at it.</param>
    /// <exception cref="TimeoutException">The limit is over.</exception>
    public static T Run<T>(TimeSpan limit, Func<CancellationToken, T> work)
    {
        using var stop = new CancellationTokenSource();
        var (result, failure) = (default(T)!, (ExceptionDispatchInfo?)null);
        var token = stop.Token;
        using var job = new Job(() =>
        {
            try
            {
                result = work(token);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        Hand(job);
        if (!job.Wait(limit))
        {
            stop.Cancel();
            throw new TimeoutException();
        }
        failure?.Throw();
        return result;
    }

    private static void Hand(Job job)
    {
        while (_workers.TryTake(out var worker))
            if (worker.TryGive(job))
                return;
        new Worker(job).Start();
    }

    private sealed class Job(Action work) : IDisposable
    {
        private readonly SemaphoreSlim _done = new(0);
        private bool _abandoned;

        public void Run()
        {
            work();
            lock (_done)
                if (!_abandoned)
                    _done.Release();
        }

        public bool Wait(TimeSpan limit) => _done.Wait(limit);

        public void Dispose()
        {
            lock (_done)
                _abandoned = true;
            _done.Dispose();
        }
    }

    private sealed class Worker(Job first)
    {
        private readonly object _gate = new();
        private Job? _job = first;
        private bool _ended;

        public void Start() => new Thread(Work) { IsBackground = true, Name = "GanOnnx.Imaging decoder" }.Start();

        public bool TryGive(Job job)
        {
            lock (_gate)
            {
                if (_ended)
                    return false;
                _job = job;
                Monitor.Pulse(_gate);
                return true;
            }
        }

        private void Work()
        {
            while (Next() is { } job)
            {
                job.Run();
                _workers.Add(this);
            }
        }

        private Job? Next()
        {
            lock (_gate)
            {
                while (_job is null && Monitor.Wait(_gate, _idle)) { }
                var job = _job;
                (_job, _ended) = (null, job is null);
                return job;
            }
        }
    }
}
