using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public abstract class Image : IDisposable
{
    private protected Image(int width, int height, ImageMetadata metadata)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (Width, Height, Metadata) = (width, height, metadata);
    }

    public int Width { get; internal set; }

    public int Height { get; internal set; }

    public ImageMetadata Metadata { get; }

    public static ImageInfo Identify(string path)
    {
        using var stream = File.OpenRead(path);
        return Identify(stream);
    }

    public static ImageInfo Identify(Stream stream)
    {
        var header = Header.Parse(ReadAll(stream));
        return new ImageInfo(header.Width, header.Height, header.Metadata);
    }

    public static Image<TPixel> Load<TPixel>(string path)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var stream = File.OpenRead(path);
        return Load<TPixel>(new DecoderOptions(), stream);
    }

    public static Image<TPixel> Load<TPixel>(DecoderOptions options, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var bytes = ReadAll(stream);
        var header = Header.Parse(bytes);
        var pixels = Gd.Decode<TPixel>(bytes, header.Format, out var width, out var height);
        return new Image<TPixel>(pixels, width, height, header.Metadata);
    }

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var pixels = MemoryMarshal.Cast<byte, TPixel>(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels.Length, width * height, nameof(data));
        return new Image<TPixel>(pixels[..(width * height)].ToArray(), width, height, new ImageMetadata());
    }

    public void Save(Stream stream, IImageEncoder encoder) => Encode(stream, encoder);

    public Image<TPixel2> CloneAs<TPixel2>()
        where TPixel2 : unmanaged, IPixel<TPixel2> => Convert<TPixel2>();

    public void Dispose() => Dispose(true);

    protected abstract void Dispose(bool disposing);

    internal abstract Image<TPixel2> Convert<TPixel2>()
        where TPixel2 : unmanaged, IPixel<TPixel2>;

    internal abstract void Encode(Stream stream, IImageEncoder encoder);

    private static byte[] ReadAll(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}

public sealed class Image<TPixel> : Image
    where TPixel : unmanaged, IPixel<TPixel>
{
    public Image(int width, int height) : this(width, height, default) { }

    public Image(int width, int height, TPixel backgroundColor) : this([], width, height, new ImageMetadata())
    {
        Pixels = new TPixel[width * height];
        Pixels.AsSpan().Fill(backgroundColor);
    }

    internal Image(TPixel[] pixels, int width, int height, ImageMetadata metadata) : base(width, height, metadata) =>
        Pixels = pixels;

    public ImageFrameCollection<TPixel> Frames { get; } = new();

    /// <summary>Row after row.</summary>
    internal TPixel[] Pixels { get; set; }

    public TPixel this[int x, int y]
    {
        get => Pixels[Index(x, y)];
        set => Pixels[Index(x, y)] = value;
    }

    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels) => processPixels(new PixelAccessor<TPixel>(this));

    public void CopyPixelDataTo(Span<TPixel> destination) => Pixels.CopyTo(destination);

    internal override Image<TPixel2> Convert<TPixel2>() =>
        new(Array.ConvertAll(Pixels, ConvertPixel<TPixel2>), Width, Height, Metadata.DeepClone());

    protected override void Dispose(bool disposing) => Pixels = [];

    internal override void Encode(Stream stream, IImageEncoder encoder) => encoder.Encode(this, stream);

    private static TPixel2 ConvertPixel<TPixel2>(TPixel pixel)
        where TPixel2 : unmanaged, IPixel<TPixel2>
    {
        Rgba32 colour = default;
        pixel.ToRgba32(ref colour);
        TPixel2 result = default;
        result.FromRgba32(colour);
        return result;
    }

    private int Index(int x, int y)
    {
        if ((uint)x >= (uint)Width)
            throw new ArgumentOutOfRangeException(nameof(x));
        if ((uint)y >= (uint)Height)
            throw new ArgumentOutOfRangeException(nameof(y));
        return y * Width + x;
    }
}

public delegate void PixelAccessorAction<TPixel>(PixelAccessor<TPixel> pixelAccessor)
    where TPixel : unmanaged, IPixel<TPixel>;

public ref struct PixelAccessor<TPixel>
    where TPixel : unmanaged, IPixel<TPixel>
{
    private readonly Image<TPixel> _image;

    internal PixelAccessor(Image<TPixel> image) => _image = image;

    public int Width => _image.Width;

    public int Height => _image.Height;

    public Span<TPixel> GetRowSpan(int rowIndex) => _image.Pixels.AsSpan(rowIndex * Width, Width);
}
