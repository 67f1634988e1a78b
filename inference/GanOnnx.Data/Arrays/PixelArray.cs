using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Data;

/// <summary>Images of one size that lie in a file one behind the other, bytes <c>[N, H, W, C]</c>.</summary>
/// <param name="File">The file, not packed.</param>
/// <param name="Offset">Where the first image begins.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Rows">H.</param>
/// <param name="Columns">W.</param>
/// <param name="Channels">C, 1 or 3.</param>
/// <param name="Labels">Their labels.</param>
internal sealed record PixelArray(DataFile File, long Offset, int Count, int Rows, int Columns, int Channels, ImageLabels Labels)
{
    /// <summary>Which part of the data it is, or null.</summary>
    public string? Split { get; init; }
}

/// <summary>
/// The images of pixel arrays. Grey ones that are smaller than the training size are centred on black, which keeps their pixels as they
/// are (28 px becomes 32 px, as in LeCun's own networks); others are treated as pictures.
/// </summary>
/// <param name="set">Where they are from; disposed with this.</param>
/// <param name="name">What people call the data.</param>
/// <param name="arrays">The arrays, one behind the other; at least one.</param>
/// <param name="fit">How those that aren't square become it.</param>
internal sealed class PixelArrays(FileSet set, string name, IReadOnlyList<PixelArray> arrays, ImageFit fit) : IImageSource, IDescribed,
    IWholePictures
{
    public string Name => name;
    public int Count { get; } = arrays.Sum(array => array.Count);
    public IReadOnlyList<string> Classes { get; } = arrays.Select(array => array.Labels.Classes).MaxBy(classes => classes.Count)!;
    public int Channels { get; } = arrays.Max(array => array.Channels);
    public LeftOut LeftOut => set.LeftOut;
    public string? Stamp => set.Stamp;
    public string? Remark { get; init; }

    public (PictureSize Smallest, PictureSize Largest)? Sizes
    {
        get
        {
            var sizes = arrays.Select(array => new PictureSize(array.Columns, array.Rows)).ToArray();
            return (sizes.MinBy(size => (long)size.Width * size.Height), sizes.MaxBy(size => (long)size.Width * size.Height));
        }
    }

    public string Fitted(int size) => arrays.All(array => (array.Rows, array.Columns) == (size, size)) ? ""
        : arrays.All(array => IsCentred(array, size)) ? $"centred on black, {size} × {size} px"
        : $"resized to a square of {size} px";

    public string NameOf(int image) => $"image {image}";

    public int LabelOf(int image)
    {
        var (array, index) = Find(image);
        return array.Labels.Labels[index];
    }

    public byte[] Read(int image, int size, int channels)
    {
        var (array, pixels) = Pixels(image);
        if (IsCentred(array, size))
            return Centred(array, pixels, size, channels);
        using var picture = Picture(array, pixels);
        return ImageReader.Square(picture, size, channels, fit);
    }

    public Image<Rgba32> ReadWhole(int image)
    {
        var (array, pixels) = Pixels(image);
        return Picture(array, pixels);
    }

    public void Dispose() => set.Dispose();

    private (PixelArray Array, byte[] Pixels) Pixels(int image)
    {
        var (array, index) = Find(image);
        var pixels = new byte[array.Rows * array.Columns * array.Channels];
        try
        {
            array.File.Read(array.Offset + (long)index * pixels.Length, pixels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{array.File.Path}' can't be read: {e.Message}", e);
        }
        return (array, pixels);
    }

    private static Image<Rgba32> Picture(PixelArray array, byte[] pixels)
    {
        using Image picture = array.Channels == 1 ? Image.LoadPixelData<L8>(pixels, array.Columns, array.Rows)
            : Image.LoadPixelData<Rgb24>(pixels, array.Columns, array.Rows);
        return picture.CloneAs<Rgba32>();
    }

    private static bool IsCentred(PixelArray array, int size) => array.Channels == 1 && array.Rows <= size && array.Columns <= size;

    private static byte[] Centred(PixelArray array, byte[] pixels, int size, int channels)
    {
        var result = new byte[size * size * channels];
        var (top, left) = ((size - array.Rows) / 2, (size - array.Columns) / 2);
        for (var y = 0; y < array.Rows; y++)
            for (var x = 0; x < array.Columns; x++)
                result.AsSpan(((top + y) * size + left + x) * channels, channels).Fill(pixels[y * array.Columns + x]);
        return result;
    }

    private (PixelArray Array, int Index) Find(int image)
    {
        foreach (var array in arrays)
            if (image < array.Count)
                return (array, image);
            else
                image -= array.Count;
        throw new ArgumentOutOfRangeException(nameof(image));
    }
}
