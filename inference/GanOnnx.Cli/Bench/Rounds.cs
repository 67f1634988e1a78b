using System.Diagnostics;

namespace GanOnnx.Cli.Bench;

/// <summary>
/// Measures candidates in turns, round after round, so that a noisy machine disturbs all alike. What counts are medians, and
/// medians of the ratios of the same round.
/// </summary>
internal static class Rounds
{
    // A session with default options keeps its threads awake for tens of milliseconds after a run.
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(100);

    /// <summary>Times every candidate in every round.</summary>
    /// <param name="step">The images of a round are a multiple of this.</param>
    /// <param name="duration">How long the first candidate shall take for a round, about; the others make as many images.</param>
    /// <returns>Images per second of each candidate in each round.</returns>
    public static double[][] Run(IReadOnlyList<Candidate> candidates, int step, int rounds, TimeSpan duration, CancellationToken stop)
    {
        // Warm-up: just-in-time compilation, caches, memory, what the library tries out.
        foreach (var candidate in candidates)
            candidate.Make(step);
        var images = Images(candidates[0], step, duration);
        double[][] rates = [.. candidates.Select(_ => new double[rounds])];
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < candidates.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                // Who is first changes, in case the order matters.
                var next = (round + i) % candidates.Count;
                rates[next][round] = images / Time(candidates[next], images).TotalSeconds;
            }

        return rates;
    }

    private static int Images(Candidate candidate, int step, TimeSpan duration)
    {
        for (var images = step; ; images *= 2)
            if (Time(candidate, images) is var time && time * 4 >= duration)
                return (int)Math.Ceiling(images * (duration / time) / step) * step;
    }

    private static TimeSpan Time(Candidate candidate, int images)
    {
        Thread.Sleep(_rest);
        var started = Stopwatch.GetTimestamp();
        candidate.Make(images);
        return Stopwatch.GetElapsedTime(started);
    }
}
