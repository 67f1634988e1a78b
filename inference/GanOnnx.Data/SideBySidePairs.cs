using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>Pictures that are pairs: one image in the left half, the one that belongs to it in the right half.</summary>
internal sealed class SideBySidePairs : PairsOfOne
{
    /// <summary>From the left half (A) to the right one (B).</summary>
    public const string AtoB = "AtoB";

    /// <summary>From the right half (B) to the left one (A).</summary>
    public const string BtoA = "BtoA";

    private readonly ImageFiles _pictures;
    private readonly bool _toRight;

    private SideBySidePairs(ImageFiles pictures, string direction) : base(pictures) =>
        (_pictures, _toRight) = (pictures, direction == AtoB);

    public override string Remark => _toRight ? "each picture is a pair, its right half what the left one shall become"
        : "each picture is a pair, its left half what the right one shall become";

    /// <param name="data">The pictures.</param>
    /// <param name="direction"><see cref="AtoB"/> or <see cref="BtoA"/>.</param>
    /// <param name="options">Which part of them is meant, and how halves become squares.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">The source can't be opened, or its images aren't picture files.</exception>
    public static SideBySidePairs Open(string data, string direction, DataOptions options, CancellationToken stop = default)
    {
        var images = ImageSources.Open(data, options, stop);
        if (images is ImageFiles pictures)
            return new(pictures, direction);
        images.Dispose();
        throw new DataException($"'{data}' has no picture files, and images side by side are read of such files alone. Give a folder or an "
            + "archive of them.");
    }

    public override string Fitted(int size) => $"each half made a square of {size} px";

    public override byte[] Read(int image, int size, int channels) =>
        _pictures.Read(image, size, channels, _toRight ? PicturePart.LeftHalf : PicturePart.RightHalf);

    public override byte[] ReadSecond(int image, int size, int channels) =>
        _pictures.Read(image, size, channels, _toRight ? PicturePart.RightHalf : PicturePart.LeftHalf);
}
