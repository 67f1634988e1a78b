namespace GanOnnx.Training.Data;

/// <summary>Files that are no part of the data, by the reason.</summary>
/// <param name="Reason">Why, to be read after a number: <c>hidden</c>, <c>TIFF</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The name of the first.</param>
public sealed record LeftOutFiles(string Reason, int Count, string First);

/// <summary>Counts what is left out.</summary>
internal sealed class LeftOut
{
    private readonly OrderedDictionary<string, LeftOutFiles> _reasons = [];

    /// <summary>Each reason once.</summary>
    public IReadOnlyList<LeftOutFiles> Reasons => [.. _reasons.Values];

    /// <summary>Counts one more.</summary>
    public void Add(string reason, string name) => _reasons[reason] =
        _reasons.TryGetValue(reason, out var before) ? before with { Count = before.Count + 1 } : new LeftOutFiles(reason, 1, name);

    /// <summary>How people are told: <c>2 hidden, 1 no picture: notes.txt</c>.</summary>
    public static string Text(IEnumerable<LeftOutFiles> reasons) => string.Join(", ", reasons.Select(r =>
        FormattableString.Invariant($"{r.Count:#,0} {r.Reason}") + (r.Count == 1 ? $": {r.First}" : "")));
}
