namespace GanOnnx.Data;

/// <summary>Files that are no part of the data, by the reason.</summary>
/// <param name="Reason">Why, to be read after a number: <c>hidden</c>, <c>TIFF</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The name of the first.</param>
public sealed record LeftOutFiles(string Reason, int Count, string First)
{
    /// <summary>As <c>1 no picture: notes.txt</c> or <c>12 TIFF: a.tif, …</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count:#,0} {Reason}: {First}{(Count == 1 ? "" : ", …")}");
}

/// <summary>Counts what is left out.</summary>
internal sealed class LeftOut
{
    private readonly OrderedDictionary<string, LeftOutFiles> _reasons = [];

    /// <summary>Each reason once.</summary>
    public IReadOnlyList<LeftOutFiles> Reasons => [.. _reasons.Values];

    /// <summary>Counts one more.</summary>
    public void Add(string reason, string name) => Add(new LeftOutFiles(reason, 1, name));

    /// <summary>Counts more of a reason.</summary>
    public void Add(LeftOutFiles files) => _reasons[files.Reason] =
        _reasons.TryGetValue(files.Reason, out var before) ? before with { Count = before.Count + files.Count } : files;
}
