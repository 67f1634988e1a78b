using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

internal enum ImageFormat { Png, Jpeg, Webp, Gif, Bmp }

/// <summary>libgd 2.3. A colour is 0xAARRGGBB with seven bits of inverted alpha: 0 is opaque, 127 clear.</summary>
internal static class Gd
{
    private const string Library = "libgd.so.3";
    private static readonly ErrorMethod _silence = (_, _, _) => { };

    // libgd writes its warnings to standard error unless it is given another place.
    static Gd() => SetErrorMethod(_silence);

    private delegate void ErrorMethod(int priority, nint format, nint arguments);

    public static TPixel[] Decode<TPixel>(byte[] bytes, ImageFormat format, out int width, out int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var canvas = format switch
        {
            ImageFormat.Png => FromPng(bytes.Length, bytes),
            ImageFormat.Jpeg => FromJpeg(bytes.Length, bytes),
            ImageFormat.Webp => FromWebp(bytes.Length, bytes),
            ImageFormat.Gif => FromGif(bytes.Length, bytes),
            _ => FromBmp(bytes.Length, bytes),
        };
        if (canvas == 0)
            throw new InvalidImageContentException($"libgd can't decode this {format} image.");
        try
        {
            // struct gdImage { unsigned char **pixels; int sx; int sy; … } is part of libgd's binary interface.
            (width, height) = (Marshal.ReadInt32(canvas, nint.Size), Marshal.ReadInt32(canvas, nint.Size + 4));
            var pixels = new TPixel[width * height];
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    pixels[y * width + x].FromRgba32(ToColour(GetTrueColorPixel(canvas, x, y)));
            return pixels;
        }
        finally
        {
            Destroy(canvas);
        }
    }

    /// <summary>Copies what libgd encoded and frees it.</summary>
    public static byte[] Take(nint memory, int size)
    {
        var bytes = new byte[size];
        Marshal.Copy(memory, bytes, 0, size);
        Free(memory);
        return bytes;
    }

    /// <summary>Turns a canvas into one of a palette, without dithering.</summary>
    public static void ToPalette(nint canvas, int colours) => TrueColorToPalette(canvas, 0, colours);

    /// <summary>A GIF of one frame with its own colour table.</summary>
    public static byte[] EncodeGif(nint canvas, int delay)
    {
        const int NoGlobalTable = 0, LocalTable = 1, NoLoop = -1, UnspecifiedDisposal = 0;
        var start = Take(GifAnimBeginPtr(canvas, out var startLength, NoGlobalTable, NoLoop), startLength);
        var frame = Take(GifAnimAddPtr(canvas, out var frameLength, LocalTable, 0, 0, delay, UnspecifiedDisposal, 0), frameLength);
        return [.. start, .. frame, (byte)';'];
    }

    private static Rgba32 ToColour(int value) =>
        new((byte)(value >> 16), (byte)(value >> 8), (byte)value, (byte)(255 - ((value >> 24 & 127) * 255 + 63) / 127));

    private static int FromColour(Rgba32 colour) =>
        (127 - (colour.A * 127 + 127) / 255) << 24 | colour.R << 16 | colour.G << 8 | colour.B;

    /// <summary>A libgd copy of an image, for encoding.</summary>
    public sealed class Canvas<TPixel> : IDisposable
        where TPixel : unmanaged, IPixel<TPixel>
    {
        public Canvas(Image<TPixel> image)
        {
            Handle = CreateTrueColor(image.Width, image.Height);
            if (Handle == 0)
                throw new ImageFormatException($"libgd can't hold {image.Width}x{image.Height} pixels.");
            AlphaBlending(Handle, 0);
            SaveAlpha(Handle, typeof(TPixel) == typeof(Rgba32) ? 1 : 0);
            Rgba32 colour = default;
            for (var y = 0; y < image.Height; y++)
                for (var x = 0; x < image.Width; x++)
                {
                    image.Pixels[y * image.Width + x].ToRgba32(ref colour);
                    SetPixel(Handle, x, y, FromColour(colour));
                }
        }

        public nint Handle { get; }

        public void Dispose() => Destroy(Handle);
    }

    /// <summary>A libgd copy of an image in the nearest colours of a palette.</summary>
    public sealed class IndexedCanvas<TPixel> : IDisposable
        where TPixel : unmanaged, IPixel<TPixel>
    {
        public IndexedCanvas(Image<TPixel> image, ReadOnlyMemory<Color> palette)
        {
            Handle = Create(image.Width, image.Height);
            var colours = palette.ToArray();
            foreach (var colour in colours)
                ColorAllocate(Handle, colour.R, colour.G, colour.B);
            var nearest = new Dictionary<Rgba32, int>();
            Rgba32 pixel = default;
            for (var y = 0; y < image.Height; y++)
                for (var x = 0; x < image.Width; x++)
                {
                    image.Pixels[y * image.Width + x].ToRgba32(ref pixel);
                    if (!nearest.TryGetValue(pixel, out var index))
                        nearest[pixel] = index = Array.IndexOf(colours, colours.MinBy(colour => colour.DistanceTo(pixel)));
                    SetPixel(Handle, x, y, index);
                }
        }

        public nint Handle { get; }

        public void Dispose() => Destroy(Handle);
    }

    [DllImport(Library, EntryPoint = "gdImagePngPtr")]
    public static extern nint ImagePngPtr(nint canvas, out int size);

    [DllImport(Library, EntryPoint = "gdImageJpegPtr")]
    public static extern nint ImageJpegPtr(nint canvas, out int size, int quality);

    [DllImport(Library, EntryPoint = "gdImageWebpPtrEx")]
    public static extern nint ImageWebpPtrEx(nint canvas, out int size, int quality);

    [DllImport(Library, EntryPoint = "gdImageCreateFromPngPtr")]
    private static extern nint FromPng(int size, byte[] bytes);

    [DllImport(Library, EntryPoint = "gdImageCreateFromJpegPtr")]
    private static extern nint FromJpeg(int size, byte[] bytes);

    [DllImport(Library, EntryPoint = "gdImageCreateFromWebpPtr")]
    private static extern nint FromWebp(int size, byte[] bytes);

    [DllImport(Library, EntryPoint = "gdImageCreateFromGifPtr")]
    private static extern nint FromGif(int size, byte[] bytes);

    [DllImport(Library, EntryPoint = "gdImageCreateFromBmpPtr")]
    private static extern nint FromBmp(int size, byte[] bytes);

    [DllImport(Library, EntryPoint = "gdImageCreateTrueColor")]
    private static extern nint CreateTrueColor(int width, int height);

    [DllImport(Library, EntryPoint = "gdImageCreate")]
    private static extern nint Create(int width, int height);

    [DllImport(Library, EntryPoint = "gdImageColorAllocate")]
    private static extern int ColorAllocate(nint canvas, int red, int green, int blue);

    [DllImport(Library, EntryPoint = "gdImageTrueColorToPalette")]
    private static extern int TrueColorToPalette(nint canvas, int dither, int colours);

    [DllImport(Library, EntryPoint = "gdImageGifAnimBeginPtr")]
    private static extern nint GifAnimBeginPtr(nint canvas, out int size, int globalTable, int loops);

    [DllImport(Library, EntryPoint = "gdImageGifAnimAddPtr")]
    private static extern nint GifAnimAddPtr(
        nint canvas, out int size, int localTable, int left, int top, int delay, int disposal, nint previous);

    [DllImport(Library, EntryPoint = "gdImageAlphaBlending")]
    private static extern void AlphaBlending(nint canvas, int blending);

    [DllImport(Library, EntryPoint = "gdImageSaveAlpha")]
    private static extern void SaveAlpha(nint canvas, int save);

    [DllImport(Library, EntryPoint = "gdImageGetTrueColorPixel"), SuppressGCTransition]
    private static extern int GetTrueColorPixel(nint canvas, int x, int y);

    [DllImport(Library, EntryPoint = "gdImageSetPixel"), SuppressGCTransition]
    private static extern void SetPixel(nint canvas, int x, int y, int colour);

    [DllImport(Library, EntryPoint = "gdImageDestroy")]
    private static extern void Destroy(nint canvas);

    [DllImport(Library, EntryPoint = "gdFree")]
    private static extern void Free(nint memory);

    [DllImport(Library, EntryPoint = "gdSetErrorMethod")]
    private static extern void SetErrorMethod(ErrorMethod method);
}
