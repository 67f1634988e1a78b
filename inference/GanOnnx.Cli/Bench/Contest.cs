using System.Diagnostics;

namespace GanOnnx.Cli.Bench;

/// <summary>
/// Measures ways of doing the same work in turns, many times, so that a noisy machine disturbs all alike. What counts are
/// medians, and medians of the ratios of the same round.
/// </summary>
internal static class Contest
{
    // A session with default options keeps its threads awake for tens of milliseconds after a run.
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(100);

    /// <param name="step">The images of a round are a multiple of this.</param>
    /// <param name="duration">How long the first way shall take for a round, about; the others make as many images.</param>
    /// <returns>Images per second of each way in each round.</returns>
    public static double[][] Run(IReadOnlyList<Way> ways, int step, int rounds, TimeSpan duration, CancellationToken stop)
    {
        // Warm-up: just-in-time compilation, caches, memory, the library's choice of lanes.
        foreach (var way in ways)
            way.Make(step);
        var images = Images(ways[0], step, duration);
        double[][] rates = [.. ways.Select(_ => new double[rounds])];
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < ways.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                // Who is first changes, in case the order matters.
                var next = (round + i) % ways.Count;
                rates[next][round] = images / Time(ways[next], images).TotalSeconds;
            }

        return rates;
    }

    private static int Images(Way way, int step, TimeSpan duration)
    {
        for (var images = step; ; images *= 2)
            if (Time(way, images) is var time && time * 4 >= duration)
                return (int)Math.Ceiling(images * (duration / time) / step) * step;
    }

    private static TimeSpan Time(Way way, int images)
    {
        Thread.Sleep(_rest);
        var started = Stopwatch.GetTimestamp();
        way.Make(images);
        return Stopwatch.GetElapsedTime(started);
    }
}
