using GanOnnx.Imaging.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Imaging;

/// <summary>
/// Reads pictures of any size as square bytes for training and for image → image models: turned upright as their EXIF
/// data says, cropped to the centre square, resized with an antialiased bicubic filter.
/// </summary>
/// <remarks>
/// Reads PNG, JPEG, WebP, GIF (the first frame) and BMP. Sixteen bits per channel become eight, transparent parts are
/// blended on white, colour becomes grey by its BT.709 luma. Colour profiles are not applied. Safe to use from several
/// threads at once.
/// </remarks>
public static class ImageReader
{
    /// <summary>The largest picture that is decoded unless told otherwise: 100 megapixels, about 400 MB while decoding.</summary>
    public const long DefaultMaxPixels = 100_000_000;

    /// <summary>How long decoding a picture may take, 30 seconds; 100 megapixels take a few.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromSeconds(30);

    private static readonly string[] _extensions = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

    /// <summary>Says whether a file's extension, in upper or lower case, is one of a format that can be read. The file isn't
    /// opened.</summary>
    public static bool IsImageFile(string path) =>
        _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">The file; its content, not its extension, tells the format.</param>
    /// <param name="size">Width and height of the result in pixels.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="maxPixels">Pictures with more pixels (width × height) are refused before they are decoded.</param>
    /// <returns>Bytes <c>[size, size, channels]</c>, 0 … 255.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1 or <paramref name="channels"/> neither 1 nor
    /// 3.</exception>
    /// <exception cref="ImageException">The file is missing, unreadable, no picture of a known format, damaged, cut short or too large, or
    /// takes longer than <see cref="TimeLimit"/>.</exception>
    public static byte[] Read(string path, int size, int channels, long maxPixels = DefaultMaxPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, size, channels, maxPixels, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{path}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a whole picture, turned upright as its EXIF data says.</summary>
    /// <param name="path">The file; its content, not its extension, tells the format.</param>
    /// <param name="maxPixels">Pictures with more pixels (width × height) are refused before they are decoded.</param>
    /// <returns>The picture, eight bits a channel, with its transparency. The caller disposes it.</returns>
    /// <exception cref="ImageException">The file is missing, unreadable, no picture of a known format, damaged, cut short or too large, or
    /// takes longer than <see cref="TimeLimit"/>.</exception>
    public static Image<Rgba32> ReadWhole(string path, long maxPixels = DefaultMaxPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = File.OpenRead(path);
            return ReadWhole(stream, path, maxPixels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{path}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>As <see cref="ReadWhole(string, long)"/>, from a stream.</summary>
    internal static Image<Rgba32> ReadWhole(Stream stream, string name, long maxPixels = DefaultMaxPixels) =>
        PictureDecoder.Decode(stream, maxPixels, name, image => image.Clone(context => context.AutoOrient()));

    /// <summary>Reads a picture from a stream, from its position to its end. The stream is left open.</summary>
    /// <param name="stream">The encoded picture.</param>
    /// <param name="size">Width and height of the result in pixels.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="maxPixels">Pictures with more pixels (width × height) are refused before they are decoded.</param>
    /// <param name="name">What error messages call the picture.</param>
    /// <returns>Bytes <c>[size, size, channels]</c>, 0 … 255.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1 or <paramref name="channels"/> neither 1 nor
    /// 3.</exception>
    /// <exception cref="ImageException">The stream holds no picture of a known format, or one that is damaged, cut short or too large, or
    /// takes longer than <see cref="TimeLimit"/>.</exception>
    public static byte[] Read(Stream stream, int size, int channels, long maxPixels = DefaultMaxPixels, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "1 is grey, 3 is red, green and blue.");

        return Read(stream, size, channels, ImageFit.Crop, name, maxPixels);
    }

    /// <summary>As <see cref="Read(Stream, int, int, long, string)"/>, with a choice of which part of the picture is meant and how it
    /// becomes a square.</summary>
    internal static byte[] Read(Stream stream, int size, int channels, ImageFit fit, string name, long maxPixels = DefaultMaxPixels,
        PicturePart part = PicturePart.Whole) =>
        PictureDecoder.Decode(stream, maxPixels, name, image =>
        {
            image.Mutate(context => context.AutoOrient());
            if (part != PicturePart.Whole)
                Halve(image, part, name);
            return Square(image, size, channels, fit);
        });

    /// <summary>How many frames a picture says that it has: of a GIF its frames, of anything else one.</summary>
    internal static int CountFrames(Stream stream)
    {
        // What is longer has many.
        const int Most = 64 << 20;
        var head = new byte[(int)Math.Min(Most, stream.CanSeek ? stream.Length : Most)];
        return FrameCount.Of(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    /// <summary>Reads frames of an animation, those in the middle of a longer one.</summary>
    /// <param name="stream">The GIF, to the stream's end.</param>
    /// <param name="size">Width and height of the frames in pixels.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="fit">How they become squares.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="frames">How many.</param>
    /// <returns>For each frame bytes <c>[size, size, channels]</c>.</returns>
    /// <exception cref="ImageException">It has fewer frames, or what <see cref="Read(Stream, int, int, long, string)"/> has.</exception>
    internal static byte[][] ReadFrames(Stream stream, int size, int channels, ImageFit fit, string name, int frames) =>
        PictureDecoder.DecodeFrames(stream, DefaultMaxPixels, name, animation =>
        {
            if (animation.Frames.Count < frames)
                throw new ImageException($"'{name}' has {(animation.Frames.Count == 1 ? "one frame" : $"{animation.Frames.Count} frames")}, and "
                    + $"{frames} are needed.");
            var first = (animation.Frames.Count - frames) / 2;
            return Enumerable.Range(first, frames).Select(i =>
            {
                using var frame = animation.Frames.CloneFrame(i);
                return Square(frame, size, channels, fit);
            }).ToArray();
        });

    /// <summary>A picture's width and height when it is turned upright, without decoding it.</summary>
    /// <exception cref="ImageException">It is no picture of a known format, or damaged.</exception>
    internal static (int Width, int Height) UprightSize(Stream stream, string name)
    {
        var info = PictureDecoder.Identify(stream, name);
        var isTurned = info.Metadata.ExifProfile?.GetValue(ExifTag.Orientation)?.Value is >= ExifOrientationMode.LeftTop
            and <= ExifOrientationMode.LeftBottom;
        return isTurned ? (info.Height, info.Width) : (info.Width, info.Height);
    }

    private static void Halve(Image<Rgba32> image, PicturePart part, string name)
    {
        if (image.Width % 2 != 0)
            throw new ImageException($"'{name}' is {image.Width} pixels wide, an odd number: it has no two halves of one width.");
        var half = image.Width / 2;
        image.Mutate(context => context.Crop(new Rectangle(part == PicturePart.LeftHalf ? 0 : half, 0, half, image.Height)));
    }

    /// <summary>A picture's bytes <c>[size, size, channels]</c>. The picture is changed.</summary>
    internal static byte[] Square(Image<Rgba32> image, int size, int channels, ImageFit fit)
    {
        image.Mutate(context =>
        {
            var whole = context.GetCurrentSize();
            var side = Math.Min(whole.Width, whole.Height);
            if (fit == ImageFit.Crop)
                context.Crop(new Rectangle((whole.Width - side) / 2, (whole.Height - side) / 2, side, side));
            if (fit == ImageFit.Pad && whole.Width != whole.Height)
                // What is added is transparent, and so becomes white.
                context.Resize(new ResizeOptions { Size = new(size, size), Mode = ResizeMode.Pad });
            else if (context.GetCurrentSize() != new Size(size, size))
                context.Resize(size, size);
        });
        return Flatten(image, channels);
    }

    private static byte[] Flatten(Image<Rgba32> image, int channels)
    {
        var pixels = new Rgba32[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        var bytes = new byte[pixels.Length * channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var colour = OnWhite(pixels[i]);
            if (channels == 1)
                bytes[i] = Luma(colour);
            else
                (bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]) = (colour.R, colour.G, colour.B);
        }
        return bytes;
    }

    internal static Rgb24 OnWhite(Rgba32 colour)
    {
        return new Rgb24(Blend(colour.R), Blend(colour.G), Blend(colour.B));

        byte Blend(byte value) => (byte)(255 - ((255 - value) * colour.A + 127) / 255);
    }

    internal static byte Luma(Rgb24 colour) => (byte)(0.2126f * colour.R + 0.7152f * colour.G + 0.0722f * colour.B + 0.5f);
}
