using GanOnnx.Audio;
using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>How a data source is read.</summary>
/// <param name="Split">The part that is meant where the data is divided into some; null where none is asked for.</param>
/// <param name="Fit">How pictures become squares.</param>
/// <param name="TileSize">Height and width of the squares that pictures are cut into, in pixels; null where each becomes one.</param>
internal sealed record DataOptions(string? Split = null, ImageFit Fit = ImageFit.Crop, int? TileSize = null)
{
    private const string Tiles = "tiles";

    /// <summary>Whether captions are read, without which pictures are left out. The default is false.</summary>
    public bool WithCaptions { get; init; }

    /// <summary>The columns of a table that hold captions, with commas between. The default is null: the first that is called as captions
    /// are.</summary>
    public string? Captions { get; init; }

    /// <summary>What recordings are brought to. The default is <see cref="SoundForm.Default"/>.</summary>
    public SoundForm Sound { get; init; } = SoundForm.Default;

    /// <summary>Frames of a clip (T), where clips are meant. The default is null: pictures are, and of an animation the first
    /// frame.</summary>
    public int? Frames { get; init; }

    /// <summary>Which second images are looked for where folders are named <c>trainA</c> and <c>trainB</c>. The default is none: they are
    /// folders as others.</summary>
    public SecondImages Second { get; init; }

    /// <summary>Of words: <c>crop</c>, <c>pad</c>, <c>stretch</c> or <c>tiles</c> are the fits.</summary>
    /// <exception cref="DataException">There is no such fit.</exception>
    public static DataOptions Of(string? split, string fit, int? size = null)
    {
        if (fit == Tiles && size is not null)
            return new(split, TileSize: size);
        return Enum.TryParse<ImageFit>(fit, ignoreCase: true, out var known) && Enum.IsDefined(known) ? new(split, known)
            : throw new DataException($"There is no fit '{fit}'; there are: {string.Join(", ", Enum.GetNames<ImageFit>()).ToLowerInvariant()}.");
    }
}
