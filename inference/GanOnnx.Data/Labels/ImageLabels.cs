using System.Globalization;

namespace GanOnnx.Data;

/// <summary>The classes of a data set, and each image's number among them, or −1.</summary>
/// <param name="Classes">Names in label order; none where there are no labels.</param>
/// <param name="Labels">A class's number for each image.</param>
internal sealed record ImageLabels(IReadOnlyList<string> Classes, int[] Labels)
{
    /// <summary>The largest number that is a label; larger ones are something else.</summary>
    public const int Most = 65_535;

    /// <summary>No labels.</summary>
    public static ImageLabels None(int images) => new([], [.. Enumerable.Repeat(-1, images)]);

    /// <summary>Of names, in the order of the alphabet; of whole numbers, those are the labels.</summary>
    /// <param name="source">What messages call the place they stand in.</param>
    /// <param name="labels">One for each image.</param>
    /// <exception cref="DataException">There are more classes than there can be.</exception>
    public static ImageLabels Of(string source, IReadOnlyList<string> labels)
    {
        var numbers = new long[labels.Count];
        for (var i = 0; i < labels.Count; i++)
            if (!long.TryParse(labels[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return OfNames(source, labels);
        return OfNumbers(source, numbers);
    }

    /// <summary>Of numbers from 0; negative ones stand for no label.</summary>
    /// <param name="source">What messages call the place they stand in.</param>
    /// <param name="labels">One for each image.</param>
    /// <param name="names">The classes' names. The default is null: the numbers.</param>
    /// <exception cref="DataException">There are more classes than there can be.</exception>
    public static ImageLabels OfNumbers(string source, IReadOnlyList<long> labels, IReadOnlyList<string>? names = null)
    {
        var most = labels.Count == 0 ? -1 : labels.Max();
        if (most > Most || most >= (names?.Count ?? int.MaxValue))
            throw new DataException(FormattableString.Invariant(
                $"'{source}' has the label {most}; labels are 0 to {(names?.Count ?? Most + 1) - 1:#,0}."));
        return most < 0 ? None(labels.Count)
            : new(names ?? [.. Enumerable.Range(0, (int)most + 1).Select(i => i.ToString(CultureInfo.InvariantCulture))],
                [.. labels.Select(label => (int)Math.Max(-1, label))]);
    }

    /// <summary>Of names, whatever they are, in the order of the alphabet.</summary>
    /// <param name="source">What messages call the place they stand in.</param>
    /// <param name="labels">One for each image.</param>
    /// <exception cref="DataException">There are more classes than there can be.</exception>
    public static ImageLabels OfNames(string source, IReadOnlyList<string> labels)
    {
        string[] classes = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (classes.Length > Most + 1)
            throw new DataException(FormattableString.Invariant(
                $"'{source}' has {classes.Length:#,0} different labels; there can be {Most + 1:#,0}."));
        var numbers = classes.Select((name, i) => KeyValuePair.Create(name, i)).ToDictionary(StringComparer.Ordinal);
        return new(classes, [.. labels.Select(label => numbers[label])]);
    }
}
