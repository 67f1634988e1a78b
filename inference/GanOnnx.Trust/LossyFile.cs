using System.Buffers.Binary;
using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Trust;

/// <summary>
/// How much a file of a lossy format may differ from what was encoded: as much as our encoder loses of that very image at the file's
/// quality after it was encoded by us once before, and a part more, since encoders round differently.
/// </summary>
internal sealed class LossyFile
{
    /// <summary>Below this quality so much is lost that a picture could be many.</summary>
    public const int LowestQuality = 40;

    // What 'Benchmarks trust bounds' measured, and a margin; docs/trust.md has the table.
    public const double RmsFactor = 1.2, BlockFactor = 1.4, Slack = 1;

    private LossyFile(string format, int quality, Image made, Func<int, IImageEncoder> encoder)
    {
        (Format, Quality) = (format, quality);
        var (now, before) = (Loss(made, encoder(quality)), Loss(made, encoder(new ImageSaveOptions().Quality)));
        OurLoss = new(now.Largest, double.Hypot(now.Rms, before.Rms), double.Hypot(now.WorstBlock, before.WorstBlock));
    }

    public string Format { get; }

    public int Quality { get; }

    /// <summary>What our encoder loses of the image at this quality, and before that at the one that our files have.</summary>
    public Difference OurLoss { get; }

    /// <summary>Whether a file may differ that much.</summary>
    public bool Allows(Difference difference) =>
        difference.Rms <= RmsFactor * OurLoss.Rms + Slack && difference.WorstBlock <= BlockFactor * OurLoss.WorstBlock + Slack;

    /// <summary>Looks at a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="picture">What was decoded of it.</param>
    /// <param name="made">The image that was encoded, if it is that one.</param>
    /// <returns>Null for a lossless file.</returns>
    /// <exception cref="RemakeException">Its quality is so low that it could be many images.</exception>
    public static LossyFile? Open(string path, Image<Rgba32> picture, Image made)
    {
        var file = File.ReadAllBytes(path);
        return file switch
        {
            [0xFF, 0xD8, ..] => Jpeg(picture, made),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] when LengthOfVp8(file) is { } length => Webp(length, made),
            _ => null,
        };
    }

    private static LossyFile Jpeg(Image<Rgba32> picture, Image made)
    {
        var said = picture.Metadata.GetJpegMetadata();
        var colors = made is Image<L8> ? JpegColorType.Luminance
            : said.ColorType is JpegColorType.YCbCrRatio444 or JpegColorType.Rgb ? JpegColorType.YCbCrRatio444
            : JpegColorType.YCbCrRatio420;
        return new("JPEG", Checked("JPEG", said.Quality), made, quality => new JpegEncoder { Quality = quality, ColorType = colors });
    }

    // A WebP file doesn't say its quality: it is the one at which ours becomes as long.
    private static LossyFile Webp(long length, Image made)
    {
        var (low, high) = (1, 100);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (LengthOfVp8(Encoded(made, Encoder(middle))) < length)
                low = middle + 1;
            else
                high = middle;
        }
        return new("WebP", Checked("WebP", low), made, Encoder);

        static IImageEncoder Encoder(int quality) => new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = quality };
    }

    private static Difference Loss(Image made, IImageEncoder encoder)
    {
        using var decoded = ImageReader.ReadWhole(new MemoryStream(Encoded(made, encoder), writable: false), "image");
        return Difference.Between(made, decoded);
    }

    private static int Checked(string format, int quality) => quality >= LowestQuality ? quality
        : throw new RemakeException($"It is a {format} of quality {quality}, which loses too much to tell images apart "
            + $"({LowestQuality} and more can be compared).");

    private static byte[] Encoded(Image image, IImageEncoder encoder)
    {
        using var file = new MemoryStream();
        image.Save(file, encoder);
        return file.ToArray();
    }

    // How long the lossy data of a WebP file is; null where it has none.
    private static long? LengthOfVp8(byte[] file)
    {
        const int header = 8, first = 12;
        for (long at = first; at + header <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at + 4));
            if (file.AsSpan((int)at, 4).SequenceEqual("VP8 "u8))
                return length;
            at += header + length + length % 2;
        }
        return null;
    }
}
