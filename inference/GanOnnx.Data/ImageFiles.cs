using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Data;

/// <summary>Pictures, each a file.</summary>
/// <param name="set">Where they are from; disposed with this.</param>
/// <param name="name">What people call the data.</param>
/// <param name="pictures">The pictures.</param>
/// <param name="labels">Their labels.</param>
/// <param name="fit">How they become squares.</param>
internal sealed class ImageFiles(FileSet set, string name, IReadOnlyList<DataFile> pictures, ImageLabels labels, ImageFit fit)
    : IImageSource, IDescribed, IWholePictures
{
    public string Name => name;
    public int Count => pictures.Count;
    public IReadOnlyList<string> Classes => labels.Classes;
    public int Channels => 3;
    public LeftOut LeftOut => set.LeftOut;
    public string? Stamp => set.Stamp;
    public string? Remark { get; init; }

    /// <summary>The captions of each picture; empty where they weren't read.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Captions { get; init; } = [];

    public (PictureSize Smallest, PictureSize Largest)? Sizes
    {
        get
        {
            PictureSize[] sizes = [.. pictures.Select(picture => picture.Contents.Size).OfType<PictureSize>()];
            return sizes.Length == 0 ? null : (sizes.MinBy(Pixels), sizes.MaxBy(Pixels));

            // Of as many pixels, the narrower one is the smaller.
            static (long, int) Pixels(PictureSize size) => ((long)size.Width * size.Height, size.Width);
        }
    }

    public string Fitted(int size) => pictures.All(picture => picture.Contents.Size == new PictureSize(size, size)) ? ""
        : pictures.All(picture => picture.Contents.Size is not { } it || it.Width == it.Height)
            ? $"resized to a square of {size} px"
        : fit switch
        {
            ImageFit.Pad => $"padded with white to a square of {size} px",
            ImageFit.Stretch => $"stretched to a square of {size} px",
            _ => $"cropped to a square of {size} px",
        };

    /// <summary>How they become squares.</summary>
    public ImageFit Fit => fit;

    public string NameOf(int image) => pictures[image].Name;

    /// <summary>Frames of an animation; 1 of a picture that doesn't move.</summary>
    public int FramesOf(int image) => pictures[image].CountFrames();

    /// <summary>A picture's size as its header has it; null where that isn't known.</summary>
    public PictureSize? SizeOf(int image) => pictures[image].Contents.Size;

    /// <summary>A picture's size when it is turned upright, which takes reading the file; null where that isn't known.</summary>
    public PictureSize? UprightSizeOf(int image)
    {
        try
        {
            var (width, height) = Read(image, ImageReader.UprightSize);
            return new(width, height);
        }
        catch (ImageException)
        {
            return null; // decoding will say so
        }
    }

    public int LabelOf(int image) => labels.Labels[image];

    public IReadOnlyList<string> CaptionsOf(int image) => Captions.Count == 0 ? [] : Captions[image];

    public byte[] Read(int image, int size, int channels) => Read(image, size, channels, PicturePart.Whole);

    /// <summary>As <see cref="Read(int, int, int)"/>, of a part of the picture.</summary>
    /// <exception cref="ImageException">It can't be decoded, or hasn't such a part.</exception>
    public byte[] Read(int image, int size, int channels, PicturePart part) =>
        Read(image, (stream, path) => ImageReader.Read(stream, size, channels, fit, path, part: part));

    public Image<Rgba32> ReadWhole(int image) => Read(image, (stream, path) => ImageReader.ReadWhole(stream, path));

    public void Dispose() => set.Dispose();

    private T Read<T>(int image, Func<Stream, string, T> read)
    {
        try
        {
            using var stream = pictures[image].Open();
            return read(stream, pictures[image].Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{pictures[image].Path}' can't be read: {e.Message}", e);
        }
    }
}
