using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public readonly struct Color
{
    private Color(byte r, byte g, byte b) => (R, G, B) = (r, g, b);

    internal byte R { get; }

    internal byte G { get; }

    internal byte B { get; }

    public static Color FromRgb(byte r, byte g, byte b) => new(r, g, b);

    internal int DistanceTo(Rgba32 other)
    {
        var (r, g, b) = (R - other.R, G - other.G, B - other.B);
        return r * r + g * g + b * b;
    }
}
