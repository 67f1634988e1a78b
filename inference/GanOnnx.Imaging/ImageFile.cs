using GanOnnx.Imaging.Metadata;
using GanOnnx.Shared;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>Writes pictures to files.</summary>
public static class ImageFile
{
    private const int LargestWebpSide = 16383;

    /// <summary>
    /// Writes a picture as PNG (<c>.png</c>), JPEG with full colour resolution (<c>.jpg</c>, <c>.jpeg</c>) or lossy WebP
    /// (<c>.webp</c>). The file appears whole or not at all; an older one is replaced and a missing folder is made.
    /// </summary>
    /// <param name="image">The picture. It isn't changed.</param>
    /// <param name="path">The file; its extension tells the format.</param>
    /// <param name="options">Quality and provenance.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not from 1 to 100.</exception>
    /// <exception cref="ImageException">The extension is unknown, the format can't hold the picture, or the file can't be
    /// written.</exception>
    public static void Save(Image image, string path, ImageSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(path);
        Encode(image, path, options ?? new ImageSaveOptions(), $"'{path}'", encode => Write(path, encode));
    }

    /// <summary>Encodes a picture in memory, as <see cref="Save"/> does into a file: to answer a web request, to hand it on.</summary>
    /// <param name="image">The picture. It isn't changed.</param>
    /// <param name="extension"><c>.png</c>, <c>.jpg</c>, <c>.jpeg</c> or <c>.webp</c>.</param>
    /// <param name="options">Quality and provenance.</param>
    /// <returns>What the file would hold.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not from 1 to 100.</exception>
    /// <exception cref="ImageException">The extension is unknown or the format can't hold the picture.</exception>
    public static byte[] Encode(Image image, string extension, ImageSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(extension);
        using var file = new MemoryStream();
        Encode(image, extension, options ?? new ImageSaveOptions(), $"A {extension} file", encode => encode(file));
        return file.ToArray();
    }

    internal static void Write(string path, Action<Stream> write, bool makeFolder = true)
    {
        try
        {
            AtomicFile.Write(path, write, makeFolder: makeFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{path}' can't be written: {e.Message}", e);
        }
    }

    private static void Encode(Image image, string path, ImageSaveOptions options, string what, Action<Action<Stream>> write)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Quality, 1, nameof(options.Quality));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Quality, 100, nameof(options.Quality));

        var encoder = Encoder(image, path, options.Quality);
        // ImageSharp writes a larger one without a word, and nobody can read it.
        if (encoder is WebpEncoder && Math.Max(image.Width, image.Height) > LargestWebpSide)
            throw CantHold(what, image);
        var before = image.Metadata.XmpProfile;
        try
        {
            if (options.Provenance is { } provenance)
                image.Metadata.XmpProfile = ProvenanceXmp.ToProfile(provenance);
            write(stream => image.Save(stream, encoder));
        }
        catch (ImageFormatException e)
        {
            throw CantHold(what, image, e);
        }
        finally
        {
            image.Metadata.XmpProfile = before;
        }
    }

    private static ImageException CantHold(string what, Image image, Exception? cause = null) =>
        new($"{what} can't hold {image.Width} × {image.Height} pixels; use a smaller picture or .png.", cause);

    private static IImageEncoder Encoder(Image image, string path, int quality) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" when image is Image<L8> => new PngEncoder { ColorType = PngColorType.Grayscale },
        ".png" => new PngEncoder(),
        ".jpg" or ".jpeg" => new JpegEncoder
        {
            Quality = quality,
            ColorType = image is Image<L8> ? JpegColorType.Luminance : JpegColorType.YCbCrRatio444,
        },
        ".webp" => new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = quality },
        var extension => throw new ImageException(
            $"'{path}' has {(extension.Length == 0 ? "no extension" : $"the unknown extension '{extension}'")}; use .png, .jpg, "
                + ".jpeg or .webp."),
    };
}
