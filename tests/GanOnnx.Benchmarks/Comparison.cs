using System.Globalization;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Measures ways of doing the same work in turns, many times, so that a noisy machine disturbs all alike, and tells the
/// median of each and the medians of the ratios of neighbours.
/// </summary>
internal static class Comparison
{
    /// <param name="rounds">How many times each is measured.</param>
    /// <param name="ours">Does its work once and returns images per second.</param>
    /// <param name="theirs">The same for each peer.</param>
    public static void Print(string name, int rounds, Func<double> ours, params Func<double>[] theirs)
    {
        Func<double>[] all = [ours, .. theirs];
        // Warm-up: just-in-time compilation, caches, memory.
        foreach (var way in all)
            way();
        var rates = new double[rounds, all.Length];
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < all.Length; i++)
                // Who is first changes, in case the order matters.
                rates[round, (round + i) % all.Length] = all[(round + i) % all.Length]();

        var medians = Enumerable.Range(0, all.Length).Select(way => Median(Rounds().Select(round => rates[round, way])));
        var ratios = Enumerable.Range(1, theirs.Length)
            .Select(peer => Rounds().Select(round => rates[round, 0] / rates[round, peer]).Order().ToArray());
        Console.WriteLine($"| {name} | {string.Join(" | ", medians.Select(Rate).Concat(ratios.Select(Ratio)))} |");

        IEnumerable<int> Rounds() => Enumerable.Range(0, rounds);
    }

    private static string Rate(double rate) => rate.ToString(rate < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture);

    private static string Ratio(double[] ratios) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(ratios):0.00} ({ratios[0]:0.00} … {ratios[^1]:0.00})");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
