using System.Globalization;
using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Trust;

/// <summary>How a picture compares with what the model makes.</summary>
/// <param name="Match"><c>equal</c>, <c>rounding</c>, <c>loss</c> or <c>different</c>.</param>
/// <param name="Psnr">In dB; null where they are equal, or of two sizes.</param>
/// <param name="LargestDifference">Of a value from 0 to 255; null where they are of two sizes.</param>
/// <param name="Quality">The encoder's quality that the loss is measured at; null where nothing is lost.</param>
/// <param name="Sentence">The same in words.</param>
internal sealed record Likeness(string Match, double? Psnr, int? LargestDifference, int? Quality, string Sentence)
{
    private const string Equal = "equal", Rounding = "rounding", Loss = "loss", Different = "different";

    // Two devices may round a value to one side and the other, and then what a watermark changes it by.
    private const int RoundingDifference = 1, MarkedRoundingDifference = 2;

    /// <summary>Whether it is the image that the model makes.</summary>
    public bool IsThatImage => Match != Different;

    /// <summary>Compares a picture with what it should be.</summary>
    /// <param name="picture">As it was decoded.</param>
    /// <param name="made">What the model makes.</param>
    /// <param name="path">The picture's file, which tells how much was lost on the way.</param>
    /// <param name="isMarked">Whether both have a watermark.</param>
    /// <exception cref="RemakeException">Too much was lost to tell.</exception>
    public static Likeness Of(Image<Rgba32> picture, Image made, string path, bool isMarked = false)
    {
        if (picture.Size() != made.Size())
            return OtherSize(picture, $"{made.Width} × {made.Height} pixels");
        var difference = Difference.Between(picture, made);
        return Lossless(difference, isMarked) ?? (LossyFile.Open(path, picture, made) is { } lossy ? Lossy(difference, lossy)
            : Other(difference));
    }

    /// <summary>Compares the frames of an animation with what they should be.</summary>
    /// <param name="frames">As they were decoded.</param>
    /// <param name="made">What the model makes.</param>
    /// <param name="path">What messages call the animation.</param>
    public static Likeness OfAnimation(IEnumerable<Image<Rgba32>> frames, IEnumerable<Image> made, string path)
    {
        var worst = default(Likeness);
        using var expected = made.GetEnumerator();
        var count = 0;
        foreach (var frame in frames)
        {
            count++;
            if (!expected.MoveNext())
                return new(Different, null, null, null, $"it is NOT that animation: it has more than {count - 1} frames.");
            if (frame.Size() != expected.Current.Size())
                return OtherSize(frame, $"frames of {expected.Current.Width} × {expected.Current.Height} pixels");
            using var encoded = AsGif(expected.Current, path);
            var difference = Difference.Between(frame, encoded);
            var likeness = Lossless(difference) ?? Other(difference);
            if (!likeness.IsThatImage)
                return likeness with { Sentence = $"frame {count - 1}: {likeness.Sentence}" };
            if (worst is null || likeness.LargestDifference > worst.LargestDifference)
                worst = likeness;
        }
        return expected.MoveNext() || worst is null
            ? new(Different, null, null, null, $"it is NOT that animation: it has only {count} frames.")
            : worst with { Sentence = $"{count} frames, {worst.Sentence}" };
    }

    /// <summary>What a file is that has further frames, where one image was made.</summary>
    public static Likeness Moving { get; } = new(Different, null, null, null,
        "it is NOT that image alone: the file is an animation, and other programs show its other frames.");

    /// <summary>What a picture of another size is.</summary>
    public static Likeness OtherSize(Image picture, string expected) => new(Different, null, null, null,
        $"it is NOT that image: it has {picture.Width} × {picture.Height} pixels, and would have {expected}.");

    // A GIF has 256 colours a frame, which our encoder chooses alike each time.
    private static Image<Rgba32> AsGif(Image frame, string path) =>
        ImageReader.ReadWhole(new MemoryStream(ImageAnimation.Encode([frame], 1), writable: false), path);

    private static Likeness? Lossless(Difference difference, bool isMarked = false)
    {
        var most = isMarked ? MarkedRoundingDifference : RoundingDifference;
        return difference.Largest == 0 ? new(Equal, null, 0, null, "equal pixels.")
            : difference.Largest <= most ? new(Rounding, difference.Psnr, difference.Largest, null,
                $"equal up to rounding: no value differs by more than {most}, as between devices.")
            : null;
    }

    private static Likeness Lossy(Difference difference, LossyFile file) => file.Allows(difference)
        ? new(Loss, difference.Psnr, difference.Largest, file.Quality, string.Create(CultureInfo.InvariantCulture,
            $"equal up to what {file.Format} of quality {file.Quality} loses ({difference.Psnr:0.0} dB)."))
        : Other(difference) with { Quality = file.Quality };

    private static Likeness Other(Difference difference) => new(Different, difference.Psnr, difference.Largest, null, string.Create(
        CultureInfo.InvariantCulture, $"it is NOT that image ({difference.Psnr:0.0} dB, values differ by up to {difference.Largest})."));
}
