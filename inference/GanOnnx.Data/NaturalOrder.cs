namespace GanOnnx.Data;

/// <summary>Names in the order in which people number them: <c>frame2.png</c> before <c>frame10.png</c>.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    private static readonly StringComparer _numeric = StringComparer.Create(System.Globalization.CultureInfo.InvariantCulture,
        System.Globalization.CompareOptions.NumericOrdering);

    public int Compare(string? x, string? y) => _numeric.Compare(x, y) is not 0 and var order ? order : string.CompareOrdinal(x, y);
}
