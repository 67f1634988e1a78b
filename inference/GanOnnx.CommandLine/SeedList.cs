using System.Globalization;

namespace GanOnnx.CommandLine;

/// <summary>A list of seeds as people write it: <c>0,4-6</c>.</summary>
public static class SeedList
{
    private const int Most = 1_000_000;

    /// <summary>The seeds in the order they are written.</summary>
    /// <param name="text">What stands behind the option.</param>
    /// <param name="option">Which option, for messages.</param>
    /// <exception cref="UsageException">It is no such list, or names too many.</exception>
    public static IReadOnlyList<ulong> Parse(string text, string option = "--seeds")
    {
        List<ulong> seeds = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || last < first)
                throw new UsageException($"'{part}' in {option} {text} is no seed and no range of seeds; write numbers and "
                    + "ranges like 0,4-6.");
            if (last - first >= (ulong)(Most - seeds.Count))
                throw new UsageException($"{option} {text} names more than {Most:N0} seeds; ask for fewer at a time.");
            for (var seed = first; seed <= last && seed >= first; seed++)
                seeds.Add(seed);
        }
        return seeds;
    }

    private static bool TryParse(string text, out ulong seed) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
