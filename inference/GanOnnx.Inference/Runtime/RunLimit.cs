using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// The options of runs, one at a time, that end before they are done: when they are cancelled, take too long, or their model is closed.
/// A run that nobody ends may go on for ever: a stranger's model decides how long its loops are.
/// </summary>
internal sealed class RunLimit : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RunOptions _options = new();
    private readonly TimeSpan? _longest;
    private readonly Timer? _timer;
    private readonly CancellationTokenRegistration _closing;
    private long _deadline;
    private bool _isClosed, _isRunning;

    /// <param name="longest">How long a run may take; null for any time.</param>
    /// <param name="closing">Cancelled when the model is closed.</param>
    public RunLimit(TimeSpan? longest, CancellationToken closing)
    {
        _longest = longest;
        if (longest is not null)
            _timer = new(static limit => ((RunLimit)limit!).Expire(), this, Timeout.Infinite, Timeout.Infinite);
        _closing = closing.UnsafeRegister(static limit => ((RunLimit)limit!).Close(), this);
    }

    /// <summary>Whether the last run was ended because it took too long.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>Runs something with the options, and ends it where it has to end.</summary>
    /// <exception cref="OnnxRuntimeException">It failed, or was ended.</exception>
    public T Run<TState, T>(TState state, Func<TState, RunOptions, T> run, CancellationToken stop)
    {
        lock (_gate)
        {
            (IsOverdue, _isRunning) = (false, true);
            _options.Terminate = _isClosed;
            if (_longest is { } longest)
            {
                _deadline = Environment.TickCount64 + (long)longest.TotalMilliseconds;
                _timer!.Change(longest, Timeout.InfiniteTimeSpan);
            }
        }

        // Disposing of the registration waits for a callback under way, so none reaches the next run.
        using var cancelled = stop.UnsafeRegister(static limit => ((RunLimit)limit!).Stop(), this);
        try
        {
            return run(state, _options);
        }
        finally
        {
            lock (_gate)
                (_isRunning, _deadline) = (false, 0);
        }
    }

    /// <summary>Ends the run under way, if there is one.</summary>
    public void Stop()
    {
        lock (_gate)
            if (_isRunning)
                _options.Terminate = true;
    }

    public void Dispose()
    {
        _closing.Dispose();
        _timer?.Dispose();
        lock (_gate)
            _options.Dispose();
    }

    private void Close()
    {
        lock (_gate)
            _isClosed = _options.Terminate = true;
    }

    // The timer may come late, in the middle of another run, whose deadline is a later one.
    private void Expire()
    {
        lock (_gate)
        {
            if (!_isRunning)
                return;
            var left = _deadline - Environment.TickCount64;
            if (left > 0)
                _timer!.Change(left, Timeout.Infinite);
            else
                IsOverdue = _options.Terminate = true;
        }
    }
}
