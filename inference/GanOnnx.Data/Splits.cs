using System.Globalization;

namespace GanOnnx.Data;

/// <summary>Parts that data sets are divided into, to train on one and to check with another.</summary>
internal static class Splits
{
    /// <summary>All parts together.</summary>
    public const string All = "all";

    private static readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = "train",
        ["training"] = "train",
        ["test"] = "test",
        ["testing"] = "test",
        ["t10k"] = "test",
        ["val"] = "validation",
        ["valid"] = "validation",
        ["validation"] = "validation",
        ["dev"] = "validation",
    };

    /// <summary>Which part a name stands for, or null.</summary>
    public static string? Of(string name) => _names.GetValueOrDefault(name);

    /// <summary>The part that a file's name tells, as <c>train-00000-of-00002.parquet</c> or <c>x_test.npy</c>; or null.</summary>
    public static string? OfWords(string name) =>
        name.Split('/', '-', '_', '.').FirstOrDefault(word => _names.ContainsKey(word));

    /// <summary>Whether names are those of parts: two different ones at least.</summary>
    public static bool Are(IEnumerable<string> names) => names.Select(Of).OfType<string>().Distinct().Take(2).Count() == 2;

    /// <summary>Those of the part that is meant.</summary>
    /// <param name="source">What messages call the data.</param>
    /// <param name="items">Each with the name of its part, or null.</param>
    /// <param name="asked">The part that was asked for, or null.</param>
    /// <param name="images">How many images an item has.</param>
    /// <exception cref="DataException">There are several parts and none was asked for, or there isn't the one that was.</exception>
    public static IReadOnlyList<T> Choose<T>(string source, IReadOnlyList<(T Item, string? Split)> items, string? asked,
        Func<T, int> images)
    {
        var names = items.Select(item => item.Split).OfType<string>().Distinct().ToArray();
        if (string.Equals(asked, All, StringComparison.OrdinalIgnoreCase) || (asked is null && !Are(names)))
            return [.. items.Select(item => item.Item)];
        T[] chosen = [.. from item in items where item.Split is not null && asked is not null && Same(item.Split, asked) select item.Item];
        if (chosen.Length > 0)
            return chosen;
        string Count(string name) => $"{name} ({items.Where(item => item.Split == name).Sum(item => images(item.Item))
            .ToString("#,0", CultureInfo.InvariantCulture)} images)";
        var there = string.Join(", ", names.Select(Count));
        throw new DataException(asked is not null
            ? names.Length > 0
                ? $"'{source}' has no split '{asked}'; there are: {there}."
                : $"'{source}' isn't divided into splits, so there is no '{asked}'. Ask for none."
            : $"'{source}' is divided into splits: {there}. Say which one is meant, or {All} for all of them.")
        { Option = "split" };
    }

    private static bool Same(string name, string asked) =>
        name.Equals(asked, StringComparison.OrdinalIgnoreCase) || (Of(name) is { } part && part == Of(asked));
}
