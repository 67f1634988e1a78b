using System.Diagnostics;

namespace GanOnnx.Inference.Runtime;

/// <summary>Which of two ways to run a model is faster here, by trying.</summary>
internal static class Measurement
{
    private const int FewestRounds = 3, MostRounds = 9, RunsPerWorker = 4;

    // Several sessions are the safer choice, for threads that share an operator wait for each other, the longer the busier the
    // machine is; and on a busy machine two measurements of one and the same differ by much.
    private const double Clearly = 1.3;

    /// <summary>How long a choice takes: no further round begins afterwards.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    // A run that takes longer on all threads has operators with work for all of them; and trying it another ten times would take longer
    // than many a program has for all its work.
    private static readonly TimeSpan _slow = TimeSpan.FromMilliseconds(100);

    // Long enough that the threads of a round have all begun before it ends.
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(16);

    /// <summary>The wide pool if a run of it is slow, or if it clearly makes more images per second: rounds take turns, and it has to win
    /// them all.</summary>
    public static WorkerPool Faster(WorkerPool several, WorkerPool wide, BatchShape shape, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        // The first runs make buffers and threads.
        if (Time(wide, shape, 1, 1, stop) > _slow && Time(wide, shape, 1, 1, stop) > _slow)
            return wide;
        Time(several, shape, 1, several.Size, stop);
        var one = Enumerable.Range(0, FewestRounds).Min(_ => Time(several, shape, 1, several.Size, stop));
        // As many runs as fill a round, and several for each worker, so that a worker that was held up leaves its share to the others.
        var rows = (int)Math.Clamp(_round / (one * RunsPerWorker), 1, shape.Size);
        var runs = several.Size * (int)Math.Max(1, _round / (one * rows));
        var ratios = new List<double>();
        while (ratios.Count < MostRounds && (ratios.Count < FewestRounds || Stopwatch.GetElapsedTime(started) < Longest))
            ratios.Add(Time(several, shape, rows, runs, stop) / Time(wide, shape, rows, runs, stop));

        return ratios.Min() > Clearly ? wide : several;
    }

    private static TimeSpan Time(WorkerPool workers, BatchShape shape, int rows, int runs, CancellationToken stop)
    {
        // Threads of their own: what else waits for the pool's must not count. Nor does how long they take to begin.
        long started = 0;
        using var line = new Barrier(workers.Size, _ => started = Stopwatch.GetTimestamp());
        Task.WaitAll(Enumerable.Range(0, workers.Size).Select(_ => Task.Factory.StartNew(Work, TaskCreationOptions.LongRunning)));
        return Stopwatch.GetElapsedTime(started);

        void Work()
        {
            var worker = workers.Rent(shape, default);
            line.SignalAndWait();
            try
            {
                while (Interlocked.Decrement(ref runs) >= 0)
                    worker.Run(rows, stop);
            }
            finally
            {
                workers.Return(worker);
            }
        }
    }
}
