using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>How a data source is read.</summary>
/// <param name="Split">The part that is meant where the data is divided into some; null where none is asked for.</param>
/// <param name="Fit">How pictures become squares.</param>
internal sealed record DataOptions(string? Split = null, ImageFit Fit = ImageFit.Crop)
{
    /// <summary>Which second images are looked for where folders are named <c>trainA</c> and <c>trainB</c>. The default is none: they are
    /// folders as others.</summary>
    public SecondImages Second { get; init; }

    /// <summary>Of words: <c>crop</c>, <c>pad</c> or <c>stretch</c> are the fits.</summary>
    /// <exception cref="DataException">There is no such fit.</exception>
    public static DataOptions Of(string? split, string fit) => Enum.TryParse<ImageFit>(fit, ignoreCase: true, out var known)
        ? new(split, known)
        : throw new DataException($"There is no fit '{fit}'; there are: {string.Join(", ", Enum.GetNames<ImageFit>()).ToLowerInvariant()}.");
}
