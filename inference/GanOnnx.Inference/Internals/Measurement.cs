using System.Diagnostics;

namespace GanOnnx.Inference.Internals;

/// <summary>Which of two ways to run a model is faster here, by trying.</summary>
internal static class Measurement
{
    private const int FewestRounds = 3, MostRounds = 9;

    // Two best rounds of one and the same on a busy machine differ by this much, and several sessions are the safer choice:
    // threads that share an operator wait for each other.
    private const double Clearly = 1.15;

    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(250), _longRound = TimeSpan.FromMilliseconds(40);

    /// <summary>The wide pool if it clearly makes more images per second, judged by the best rounds; rounds take turns.</summary>
    public static LanePool Faster(LanePool several, LanePool wide, BatchShape shape)
    {
        var started = Stopwatch.GetTimestamp();
        Time(wide, shape, 1, 1);
        var one = Time(several, shape, 1, 1);
        // Images per lane and round: a batch, fewer where that takes long.
        var rows = (int)Math.Clamp(_longRound / one, 1, shape.Size);
        var batches = several.Size;
        var (bestSeveral, bestWide) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < MostRounds && (round < FewestRounds || Stopwatch.GetElapsedTime(started) < _longest); round++)
        {
            // The first round of each also makes buffers and threads.
            bestSeveral = Least(bestSeveral, Time(several, shape, rows, batches));
            bestWide = Least(bestWide, Time(wide, shape, rows, batches));
        }

        return bestWide * Clearly < bestSeveral ? wide : several;
    }

    private static TimeSpan Time(LanePool lanes, BatchShape shape, int rows, int batches)
    {
        var started = Stopwatch.GetTimestamp();
        Parallel.For(0, batches, new() { MaxDegreeOfParallelism = lanes.Size }, _ =>
        {
            var lane = lanes.Rent(shape, default);
            try
            {
                lane.Run(rows);
            }
            finally
            {
                lanes.Return(lane);
            }
        });
        return Stopwatch.GetElapsedTime(started);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
