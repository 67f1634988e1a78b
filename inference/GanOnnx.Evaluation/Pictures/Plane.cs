using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Evaluation;

/// <summary>Bytes of a picture, row by row.</summary>
/// <param name="Values"><c>[H, W]</c>, or <c>[H, 3 W]</c> of red, green and blue.</param>
/// <param name="Width">How many there are in a row.</param>
internal sealed record Plane(byte[] Values, int Width)
{
    /// <summary>How many rows there are.</summary>
    public int Height => Values.Length / Width;

    /// <summary>A picture's red, green and blue.</summary>
    public static Plane OfColours(Image<Rgb24> picture) => new(MemoryMarshal.AsBytes<Rgb24>(Pixels(picture)).ToArray(), 3 * picture.Width);

    /// <summary>
    /// A picture's luma from 16 to 235 (ITU-R BT.601), rounded as MATLAB's <c>rgb2ycbcr</c> does it, without a border.
    /// </summary>
    public static Plane OfLuma(Image<Rgb24> picture, int border)
    {
        var (width, height) = (picture.Width - 2 * border, picture.Height - 2 * border);
        var (pixels, values) = (Pixels(picture), new byte[width * height]);
        for (var i = 0; i < values.Length; i++)
        {
            var pixel = pixels[(i / width + border) * picture.Width + i % width + border];
            values[i] = (byte)(16.5 + (65.481 * pixel.R + 128.553 * pixel.G + 24.966 * pixel.B) / byte.MaxValue);
        }
        return new(values, width);
    }

    private static Rgb24[] Pixels(Image<Rgb24> picture)
    {
        var pixels = new Rgb24[picture.Width * picture.Height];
        picture.CopyPixelDataTo(pixels);
        return pixels;
    }
}
