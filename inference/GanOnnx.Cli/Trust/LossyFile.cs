using System.Buffers.Binary;
using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Cli.Trust;

/// <summary>
/// How much a file of a lossy format may differ from what was encoded: as much as our encoder loses of that very image at the file's
/// quality, and a part more, since encoders round differently and a picture may have been encoded twice.
/// </summary>
internal sealed class LossyFile
{
    /// <summary>Below this quality so much is lost that a picture could be many.</summary>
    public const int LowestQuality = 40;

    // What 'Benchmarks trust bounds' measured, and a margin; docs/trust.md has the table.
    public const double RmsFactor = 1.3, BlockFactor = 1.6, Slack = 1;

    private readonly Difference _loss;

    private LossyFile(string format, int quality, Difference loss) => (Format, Quality, _loss) = (format, quality, loss);

    public string Format { get; }

    public int Quality { get; }

    /// <summary>What our encoder loses of the image at this quality.</summary>
    public Difference OurLoss => _loss;

    /// <summary>Whether a file may differ that much.</summary>
    public bool Allows(Difference difference) =>
        difference.Rms <= RmsFactor * _loss.Rms + Slack && difference.WorstBlock <= BlockFactor * _loss.WorstBlock + Slack;

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
        var encoder = new JpegEncoder
        {
            Quality = Checked("JPEG", said.Quality),
            ColorType = made is Image<L8> ? JpegColorType.Luminance
                : said.ColorType is JpegColorType.YCbCrRatio444 or JpegColorType.Rgb ? JpegColorType.YCbCrRatio444
                : JpegColorType.YCbCrRatio420,
        };
        return new("JPEG", said.Quality, Difference.Between(made, Decoded(Encoded(made, encoder))));
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
        return new("WebP", Checked("WebP", low), Difference.Between(made, Decoded(Encoded(made, Encoder(low)))));

        static WebpEncoder Encoder(int quality) => new() { FileFormat = WebpFileFormatType.Lossy, Quality = quality };
    }

    private static int Checked(string format, int quality) => quality >= LowestQuality ? quality
        : throw new RemakeException($"It is a {format} of quality {quality}, which loses too much to tell images apart ({LowestQuality} and more "
            + "can be compared).");

    private static byte[] Encoded(Image image, SixLabors.ImageSharp.Formats.IImageEncoder encoder)
    {
        using var file = new MemoryStream();
        image.Save(file, encoder);
        return file.ToArray();
    }

    private static Image<Rgba32> Decoded(byte[] file) => ImageReader.ReadWhole(new MemoryStream(file, writable: false), "image");

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
