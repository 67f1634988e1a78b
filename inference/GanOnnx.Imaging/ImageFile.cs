using GanOnnx.Imaging.Internals;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>Writes pictures to files.</summary>
public static class ImageFile
{
    // A JPEG segment holds 65,502 bytes of XMP.
    private const int LongestXmp = 65_000;

    /// <summary>
    /// Writes a picture as PNG (<c>.png</c>), JPEG with full colour resolution (<c>.jpg</c>, <c>.jpeg</c>) or lossy WebP
    /// (<c>.webp</c>). The file appears whole or not at all; an older one is replaced and a missing folder is made.
    /// </summary>
    /// <param name="image">The picture. It isn't changed.</param>
    /// <param name="path">The file; its extension tells the format.</param>
    /// <param name="options">Quality and provenance.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not from 1 to 100.</exception>
    /// <exception cref="ImageException">The extension is unknown, the format can't hold the picture, or the file can't be written.</exception>
    public static void Save(Image image, string path, ImageSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ImageSaveOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Quality, 1, nameof(options.Quality));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Quality, 100, nameof(options.Quality));

        var encoder = Encoder(image, path, options.Quality);
        var before = image.Metadata.XmpProfile;
        try
        {
            if (options.Provenance is { } provenance)
                image.Metadata.XmpProfile = Xmp(provenance);
            AtomicFile.Write(path, stream => image.Save(stream, encoder));
        }
        catch (ImageFormatException e)
        {
            throw new ImageException($"'{path}' can't hold {image.Width} × {image.Height} pixels; use a smaller picture or .png.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{path}' can't be written: {e.Message}", e);
        }
        finally
        {
            image.Metadata.XmpProfile = before;
        }
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
        options ??= new ImageSaveOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Quality, 1, nameof(options.Quality));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Quality, 100, nameof(options.Quality));

        var encoder = Encoder(image, extension, options.Quality);
        var before = image.Metadata.XmpProfile;
        try
        {
            if (options.Provenance is { } provenance)
                image.Metadata.XmpProfile = Xmp(provenance);
            using var file = new MemoryStream();
            image.Save(file, encoder);
            return file.ToArray();
        }
        catch (ImageFormatException e)
        {
            throw new ImageException($"A {extension} file can't hold {image.Width} × {image.Height} pixels; use a smaller picture or .png.", e);
        }
        finally
        {
            image.Metadata.XmpProfile = before;
        }
    }

    private static XmpProfile Xmp(Provenance provenance)
    {
        var packet = ProvenanceXmp.Write(provenance);
        return packet.Length <= LongestXmp
            ? new XmpProfile(packet)
            : throw new ImageException(
                $"The provenance takes {packet.Length:N0} bytes, more than the {LongestXmp:N0} that fit into an image file. Shorten its list of seeds.");
    }

    private static IImageEncoder Encoder(Image image, string path, int quality) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => new PngEncoder(),
        ".jpg" or ".jpeg" => new JpegEncoder
        {
            Quality = quality,
            ColorType = image is Image<L8> ? JpegEncodingColor.Luminance : JpegEncodingColor.YCbCrRatio444,
        },
        ".webp" => new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = quality },
        var extension => throw new ImageException(
            $"'{path}' has {(extension.Length == 0 ? "no extension" : $"the unknown extension '{extension}'")}; use .png, .jpg, .jpeg or .webp."),
    };
}
