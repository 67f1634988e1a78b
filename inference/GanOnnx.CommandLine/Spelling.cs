namespace GanOnnx.CommandLine;

/// <summary>Which name somebody who mistyped may have meant.</summary>
public static class Spelling
{
    /// <summary>
    /// The name nearest to what was typed, or null where none is near: at most a third of its letters, and two, are added,
    /// left out, replaced or swapped with the next.
    /// </summary>
    public static string? Nearest(string typed, IEnumerable<string> names)
    {
        var (nearest, distance) = names.Select(name => (name, Distance(typed, name))).OrderBy(pair => pair.Item2).FirstOrDefault();
        return nearest is not null && distance <= Math.Min(2, nearest.TrimStart('-').Length / 3) ? nearest : null;
    }

    /// <summary>A sentence that asks whether the nearest name was meant, after a space; empty where none is near.</summary>
    public static string Meant(string typed, IEnumerable<string> names) =>
        Nearest(typed, names) is { } nearest ? $" Did you mean {nearest}?" : "";

    // Optimal string alignment.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
