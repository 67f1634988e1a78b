using System.Collections.Concurrent;
using System.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Decoding;

/// <summary>
/// Decodes pictures of strangers: of five formats only, after a look at their size, in bounded memory and time. Nothing else in the
/// product decodes a picture.
/// </summary>
internal static class PictureDecoder
{
    // An uncompressed picture has up to eight bytes a pixel, and metadata beside.
    private const int MostBytesPerPixel = 8, BytesOfMetadata = 16 << 20;

    private static readonly ConcurrentDictionary<int, Configuration> _configurations = [];

    /// <summary>Reads a stream to its end and tells what the picture says of itself; its pixels aren't decoded.</summary>
    /// <exception cref="ImageException">It is no picture of a known format, or damaged.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static IImageInfo Identify(Stream stream, string name)
    {
        using var encoded = ReadAll(stream, ImageReader.DefaultMaxPixels, name);
        var configuration = ConfigurationFor(ImageReader.DefaultMaxPixels);
        return InTime(name, isComplete: true, _ => Identify(encoded, configuration, name).Info);
    }

    /// <summary>Decodes a picture, and does with it what takes time as well.</summary>
    /// <param name="stream">The picture, to the stream's end.</param>
    /// <param name="maxPixels">How many pixels it may have.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="use">What to make of it; it is disposed afterwards.</param>
    /// <exception cref="ImageException">It is no picture of a known format, damaged, cut short, too large, or takes too long.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static T Decode<T>(Stream stream, long maxPixels, string name, Func<Image<Rgba32>, T> use)
    {
        using var encoded = ReadAll(stream, maxPixels, name);
        var complete = Completeness.IsComplete(Bytes(encoded));
        return InTime(name, complete, stop =>
        {
            using var image = Decode(encoded, complete, maxPixels, name, stop);
            return use(image);
        });
    }

    /// <summary>As <see cref="Decode{T}"/>, with all frames of an animation, each the whole picture.</summary>
    /// <exception cref="ImageException">As there; the limit is of all frames together.</exception>
    public static T DecodeFrames<T>(Stream stream, long maxPixels, string name, Func<Image<Rgba32>, T> use)
    {
        using var encoded = ReadAll(stream, maxPixels, name);
        var complete = Completeness.IsComplete(Bytes(encoded));
        return InTime(name, complete, stop =>
        {
            using var image = Decode(encoded, complete, maxPixels, name, stop, frames: FrameCount.Of(Bytes(encoded)));
            return use(image);
        });
    }

    private static Image<Rgba32> Decode(MemoryStream encoded, bool complete, long maxPixels, string name, CancellationToken stop,
        int? frames = null)
    {
        var configuration = ConfigurationFor(maxPixels);
        var (info, format) = Identify(encoded, configuration, name);
        if ((long)info.Width * info.Height > maxPixels)
            throw new ImageException(
                $"'{name}' has {info.Width} × {info.Height} pixels, more than the limit of {maxPixels:N0}. Shrink it or raise the limit.");
        if (frames is { } count && (long)info.Width * info.Height * count > maxPixels)
            throw TooManyFrames(name, count, info, maxPixels);
        if (!complete)
            throw CutShort(name);
        using var reduced = Reduced(encoded);
        var decoder = frames is not null && format is GifFormat
            // One more than there may be tells that there are too many.
            ? new GifDecoder { MaxFrames = (uint)Math.Min(maxPixels / Math.Max(1, (long)info.Width * info.Height) + 1, uint.MaxValue) }
            : configuration.ImageFormatsManager.FindDecoder(format);
        var image = decoder.Decode<Rgba32>(configuration, reduced, stop);
        if (frames is null || (long)info.Width * info.Height * image.Frames.Count <= maxPixels)
            return image;
        using (image)
            throw TooManyFrames(name, image.Frames.Count, info, maxPixels);
    }

    private static ImageException TooManyFrames(string name, int count, IImageInfo info, long maxPixels) =>
        new($"'{name}' has {count:N0} frames of {info.Width} × {info.Height} pixels, more than the limit of {maxPixels:N0} pixels. Shrink or shorten it.");

    private static (IImageInfo Info, IImageFormat Format) Identify(MemoryStream encoded, Configuration configuration, string name)
    {
        using var reduced = Reduced(encoded);
        return Image.Identify(configuration, reduced, out var format) is { } info
            ? (info, format)
            : throw new ImageException($"'{name}' is no picture in a known format; PNG, JPEG, WebP, GIF and BMP can be read.");
    }

    private static T InTime<T>(string name, bool isComplete, Func<CancellationToken, T> work)
    {
        try
        {
            return TimeLimit.Run(ImageReader.TimeLimit, work);
        }
        catch (TimeoutException e)
        {
            throw new ImageException($"'{name}' takes longer than {ImageReader.TimeLimit.TotalSeconds:0} seconds to decode; it is given "
                + "up. Remove it: it is damaged or made to do harm.", e);
        }
        catch (Exception e) when (e is not (ImageException or OutOfMemoryException))
        {
            // Damaged data surfaces in decoders as all kinds of exceptions, not only as the format's own.
            throw isComplete ? new ImageException($"'{name}' is damaged and can't be decoded. Replace it or remove it.", e)
                : CutShort(name, e);
        }
    }

    private static MemoryStream ReadAll(Stream stream, long maxPixels, string name)
    {
        var most = Math.Min(maxPixels, (Array.MaxLength - BytesOfMetadata) / MostBytesPerPixel) * MostBytesPerPixel + BytesOfMetadata;
        var encoded = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (encoded.Length + read > most)
                throw new ImageException($"'{name}' is larger than {most:N0} bytes, more than a picture of {maxPixels:N0} pixels can be.");
            encoded.Write(buffer, 0, read);
        }
        return encoded;
    }

    private static MemoryStream Reduced(MemoryStream encoded)
    {
        var bytes = Bytes(encoded);
        return bytes.Length > 8 && bytes[..8].SequenceEqual<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10])
            ? PngFilter.Reduce(bytes)
            : new MemoryStream(encoded.GetBuffer(), 0, (int)encoded.Length, writable: false);
    }

    private static ReadOnlySpan<byte> Bytes(MemoryStream encoded) => encoded.GetBuffer().AsSpan(0, (int)encoded.Length);

    // The largest buffer is the picture itself; limits are rounded up to powers of two, so that there are few configurations.
    private static Configuration ConfigurationFor(long maxPixels)
    {
        var megabytes = Math.Min(maxPixels / (1 << 20) * 4 + 16, 1 << 20);
        return _configurations.GetOrAdd((int)BitOperations.RoundUpToPowerOf2((ulong)megabytes), limit =>
        {
            var configuration = new Configuration(
                new PngConfigurationModule(), new JpegConfigurationModule(), new WebpConfigurationModule(), new GifConfigurationModule(),
                    new BmpConfigurationModule())
            {
                MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = limit }),
            };
            // One frame is looked at, however many a file has.
            configuration.ImageFormatsManager.SetDecoder(GifFormat.Instance, new GifDecoder { DecodingMode = FrameDecodingMode.First });
            return configuration;
        });
    }

    private static ImageException CutShort(string name, Exception? cause = null) =>
        new($"'{name}' is cut short: its end is missing. Copy it again or remove it.", cause);
}
