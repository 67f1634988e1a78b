using System.Globalization;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Measures two ways of doing the same work in turns, many times, so that a noisy machine disturbs both alike, and
/// tells the median of each and the median of the ratios of neighbours.
/// </summary>
internal static class Comparison
{
    /// <param name="rounds">How many times each is measured.</param>
    /// <param name="ours">Does its work once and returns images per second.</param>
    /// <param name="theirs">The same for the peer.</param>
    public static void Print(string name, int rounds, Func<double> ours, Func<double> theirs)
    {
        // Warm-up: just-in-time compilation, caches, memory.
        ours();
        theirs();
        var pairs = new (double Ours, double Theirs)[rounds];
        for (var i = 0; i < rounds; i++)
            // The first of a pair changes, in case the order matters.
            pairs[i] = i % 2 == 0 ? (ours(), theirs()) : Swap(theirs(), ours());

        var ratios = pairs.Select(p => p.Ours / p.Theirs).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {Median(pairs.Select(p => p.Ours)):#,0} | {Median(pairs.Select(p => p.Theirs)):#,0} | {Median(ratios):0.00} ({ratios[0]:0.00} … {ratios[^1]:0.00}) |"));
    }

    private static (double, double) Swap(double theirs, double ours) => (ours, theirs);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
