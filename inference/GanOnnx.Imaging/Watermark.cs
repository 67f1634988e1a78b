using System.Globalization;
using GanOnnx.Imaging.Resampling;
using GanOnnx.Imaging.Watermarking;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>
/// 32 bits in the pixels of a picture, for what loses its metadata. They can be read again after JPEG, other sizes and a crop, as
/// <c>docs/trust.md</c> of the repository measures it. How is public: anyone can put one in, and whoever wants to can take one out.
/// </summary>
public static class Watermark
{
    /// <summary>The smallest width and height in pixels of a picture that can be marked.</summary>
    public const int SmallestSide = 128;

    /// <summary>
    /// The least agreement of what is found. 96 random numbers come as near to one of 2³² payloads at one of 4,096 places and of the
    /// <see cref="_scales"/> less than once in 10⁸ pictures: the share of a sphere in 96 dimensions that is within that angle, times all.
    /// </summary>
    private const double LeastAgreement = 0.8;

    // A mark of less than that, cut on its sides, isn't looked for.
    private const int SmallestRead = 100;

    // Of a larger picture its middle is read.
    private const int LargestRead = 2048;

    // As systems and browsers show pictures. The first is looked at first.
    private static readonly double[] _scales = [1, 1.25, 1.5, 1.75, 2, 1.1, 0.9, 0.8, 0.75, 2.0 / 3, 0.5];

    /// <summary>Puts 32 bits into a picture.</summary>
    /// <remarks>The same picture and bits give the same pixels on every machine. Red, green and blue change alike; what is fully
    /// transparent isn't changed.</remarks>
    /// <param name="image">The picture. It isn't changed.</param>
    /// <param name="payload">The bits; <see cref="PayloadOf"/> gives those of a model.</param>
    /// <param name="strength">How much of it. The default is <see cref="WatermarkStrength.Normal"/>.</param>
    /// <returns>The marked picture, without metadata: an <c>Image&lt;L8&gt;</c> or <c>Image&lt;Rgb24&gt;</c> if it was one, else an
    /// <c>Image&lt;Rgba32&gt;</c>. The caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such strength.</exception>
    /// <exception cref="ImageException">It has less than 128 pixels in a row or column, or more than 100 megapixels.</exception>
    public static Image Embed(Image image, uint payload, WatermarkStrength strength = WatermarkStrength.Normal) =>
        Embed(image, payload, strength, out _);

    /// <summary>As <see cref="Embed(Image, uint, WatermarkStrength)"/>, and says whether the mark can be read in the picture.</summary>
    internal static Image Embed(Image image, uint payload, WatermarkStrength strength, out bool isReadable)
    {
        ArgumentNullException.ThrowIfNull(image);
        // Three decibels more or less; the errors are 255² / 10^4.2, 10^3.9 and 10^3.6, which Math.Pow may give differently elsewhere.
        var (factor, mostError) = strength switch
        {
            WatermarkStrength.Weak => (0.71f, 4.10),
            WatermarkStrength.Normal => (1, 8.18),
            WatermarkStrength.Strong => (1.41f, 16.33),
            _ => throw new ArgumentOutOfRangeException(nameof(strength), strength, "Weak, Normal or Strong is expected."),
        };
        if (WhyNot(image.Width, image.Height) is { } reason)
            throw new ImageException(reason);
        using var copy = image.CloneAs<Rgba32>();
        var pixels = new Rgba32[copy.Width * copy.Height];
        copy.CopyPixelDataTo(pixels);
        var marked = new Embedding(pixels, copy.Width, copy.Height, factor, mostError)
            .Mark(PayloadCode.Encode(payload), out var agreement);
        isReadable = agreement >= LeastAgreement;
        return image switch
        {
            Image<L8> => Image.LoadPixelData(Array.ConvertAll(marked, pixel => new L8(pixel.R)), copy.Width, copy.Height),
            Image<Rgb24> => Image.LoadPixelData(Array.ConvertAll(marked, pixel => pixel.Rgb), copy.Width, copy.Height),
            _ => Image.LoadPixelData(marked, copy.Width, copy.Height),
        };
    }

    /// <summary>Looks for a watermark in a picture, whatever happened to it.</summary>
    /// <remarks>Of a picture of more than 2,048 pixels in a row or column the middle is read.</remarks>
    /// <param name="image">The picture. It isn't changed.</param>
    /// <returns>What was found; null if none is there, or too little is left of it.</returns>
    public static WatermarkReading? Read(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Readings(image).FirstOrDefault(reading => reading.Agreement >= LeastAgreement);
    }

    /// <summary>What comes nearest to a watermark at each scale, be there one or not.</summary>
    internal static IEnumerable<WatermarkReading> Readings(Image image)
    {
        LumaPlane? plane = null;
        foreach (var scale in _scales.Where(scale => Math.Min(image.Width, image.Height) >= SmallestRead * scale))
        {
            plane ??= Middle(image);
            var (payload, agreement) = Detector.Read(plane.Resized(1 / scale));
            yield return new(payload, agreement, scale);
        }
    }

    /// <summary>The bits that <c>gan</c> puts into pictures of a model: the first 32 of its SHA-256.</summary>
    /// <param name="modelSha256">In hexadecimal, as <see cref="Provenance.ModelSha256"/>.</param>
    /// <exception cref="ArgumentException">It doesn't begin with eight hexadecimal digits.</exception>
    public static uint PayloadOf(string modelSha256)
    {
        ArgumentNullException.ThrowIfNull(modelSha256);
        return modelSha256.Length >= 8
            && uint.TryParse(modelSha256.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var payload)
            ? payload : throw new ArgumentException($"'{modelSha256}' is no SHA-256 in hexadecimal.", nameof(modelSha256));
    }

    /// <summary>Why a picture of a size can't be marked; null if it can.</summary>
    internal static string? WhyNot(int width, int height) =>
        Math.Min(width, height) < SmallestSide
            ? $"A watermark needs {SmallestSide} pixels or more in each row and column, and the picture has {width} × {height}."
        : (long)width * height > ImageReader.DefaultMaxPixels ? string.Create(CultureInfo.InvariantCulture,
            $"A picture of {width} × {height} pixels is too large for a watermark; up to {ImageReader.DefaultMaxPixels:#,0} are possible.")
        : null;

    private static LumaPlane Middle(Image image)
    {
        var (width, height) = (Math.Min(image.Width, LargestRead), Math.Min(image.Height, LargestRead));
        var (left, top) = ((image.Width - width) / 2, (image.Height - height) / 2);
        var copy = image as Image<Rgba32> ?? image.CloneAs<Rgba32>();
        try
        {
            var pixels = new Rgba32[width * height];
            for (var y = 0; y < height; y++)
                copy.DangerousGetPixelRowMemory(top + y).Span.Slice(left, width).CopyTo(pixels.AsSpan(y * width));
            return LumaPlane.Of(pixels, width, height);
        }
        finally
        {
            if (copy != image)
                copy.Dispose();
        }
    }
}
