using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Trust;

/// <summary>How far two pictures of a size are apart, in values from 0 to 255.</summary>
/// <param name="Largest">Of a single value.</param>
/// <param name="Rms">The root of the mean square.</param>
/// <param name="WorstBlock">The same within the square of 8 × 8 pixels where it is largest: what was painted into a corner.</param>
internal sealed record Difference(int Largest, double Rms, double WorstBlock)
{
    private const int Block = 8, Channels = 4;

    public double Psnr => 20 * Math.Log10(byte.MaxValue / Rms);

    public static Difference Between(Image first, Image second)
    {
        var (a, b) = (Pixels(first), Pixels(second));
        var (width, height) = (first.Width, first.Height);
        var (largest, sum, worst) = (0, 0L, 0.0);
        for (var top = 0; top < height; top += Block)
            for (var left = 0; left < width; left += Block)
            {
                var (right, bottom) = (Math.Min(left + Block, width), Math.Min(top + Block, height));
                var squares = 0L;
                for (var y = top; y < bottom; y++)
                    for (var x = left; x < right; x++)
                        squares += Squares(a[y * width + x], b[y * width + x], ref largest);
                sum += squares;
                worst = Math.Max(worst, (double)squares / ((right - left) * (bottom - top) * Channels));
            }
        return new(largest, Math.Sqrt((double)sum / ((long)width * height * Channels)), Math.Sqrt(worst));
    }

    private static int Squares(Rgba32 a, Rgba32 b, ref int largest)
    {
        var (red, green, blue, alpha) = (Math.Abs(a.R - b.R), Math.Abs(a.G - b.G), Math.Abs(a.B - b.B), Math.Abs(a.A - b.A));
        largest = Math.Max(largest, Math.Max(Math.Max(red, green), Math.Max(blue, alpha)));
        return red * red + green * green + blue * blue + alpha * alpha;
    }

    private static Rgba32[] Pixels(Image image)
    {
        using var copy = image.CloneAs<Rgba32>();
        var pixels = new Rgba32[copy.Width * copy.Height];
        copy.CopyPixelDataTo(pixels);
        return pixels;
    }
}
