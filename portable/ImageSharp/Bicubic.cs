using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing;

/// <summary>
/// The cubic convolution of Keys (1981) with a = −½, widened when shrinking so that every source pixel counts.
/// libgd's own resampling rounds between the passes and keeps seven bits of alpha; this one doesn't.
/// </summary>
internal static class Bicubic
{
    private const double Radius = 2;

    public static TPixel[] Resize<TPixel>(Image<TPixel> image, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var columns = Weights(image.Width, width);
        var rows = Weights(image.Height, height);
        var source = new Vector4[image.Width];
        var narrow = new Vector4[width * image.Height];
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < source.Length; x++)
                source[x] = Premultiplied(image.Pixels[y * image.Width + x]);
            for (var x = 0; x < width; x++)
                narrow[y * width + x] = Sum(columns[x], source, 0, 1);
        }

        var result = new TPixel[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                result[y * width + x].FromRgba32(ToColour(Sum(rows[y], narrow, x, width)));
        return result;
    }

    private static (int First, float[] Weights)[] Weights(int from, int to)
    {
        var ratio = (double)from / to;
        var scale = Math.Max(ratio, 1);
        var result = new (int, float[])[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * ratio - 0.5;
            var first = Math.Max((int)Math.Ceiling(centre - Radius * scale), 0);
            var last = Math.Min((int)Math.Floor(centre + Radius * scale), from - 1);
            var weights = new double[last - first + 1];
            for (var j = first; j <= last; j++)
                weights[j - first] = Kernel(Math.Abs(j - centre) / scale);
            var sum = weights.Sum();
            result[i] = (first, Array.ConvertAll(weights, w => (float)(w / sum)));
        }
        return result;
    }

    private static double Kernel(double x) => x switch
    {
        < 1 => 1 + x * x * (1.5 * x - 2.5),
        < 2 => 2 + x * (-4 + x * (2.5 - 0.5 * x)),
        _ => 0,
    };

    private static Vector4 Sum((int First, float[] Weights) kernel, Vector4[] values, int offset, int stride)
    {
        var sum = Vector4.Zero;
        for (var i = 0; i < kernel.Weights.Length; i++)
            sum += kernel.Weights[i] * values[offset + (kernel.First + i) * stride];
        return sum;
    }

    private static Vector4 Premultiplied<TPixel>(TPixel pixel)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Rgba32 colour = default;
        pixel.ToRgba32(ref colour);
        var alpha = colour.A / 255f;
        return new Vector4(colour.R * alpha, colour.G * alpha, colour.B * alpha, colour.A);
    }

    private static Rgba32 ToColour(Vector4 value)
    {
        var alpha = value.W / 255f;
        if (alpha > 0)
            value = new Vector4(value.X / alpha, value.Y / alpha, value.Z / alpha, value.W);
        value = Vector4.Clamp(value, Vector4.Zero, new Vector4(255)) + new Vector4(0.5f);
        return new Rgba32((byte)value.X, (byte)value.Y, (byte)value.Z, (byte)value.W);
    }
}
