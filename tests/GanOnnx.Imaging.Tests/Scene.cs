using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>Pictures with something to see: hills of light, discs with sharp edges, and grain.</summary>
internal static class Scene
{
    public static Image<Rgb24> Make(int width, int height, int seed)
    {
        var random = new Random(seed);
        var hills = Enumerable.Range(0, 12).Select(_ => (X: random.NextDouble() * 0.2, Y: random.NextDouble() * 0.2,
            Phase: random.NextDouble() * Math.Tau, Height: 4 + 8 * random.NextDouble())).ToArray();
        var discs = Enumerable.Range(0, 6).Select(_ => (X: random.Next(width), Y: random.Next(height), Radius: random.Next(8, 40),
            Colour: new Rgb24((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)))).ToArray();
        var pixels = new Rgb24[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var light = hills.Sum(hill => hill.Height * Math.Sin(hill.X * x + hill.Y * y + hill.Phase)) + random.Next(-6, 7);
                var disc = discs.LastOrDefault(d => (x - d.X) * (x - d.X) + (y - d.Y) * (y - d.Y) < d.Radius * d.Radius);
                var colour = disc.Radius > 0 ? disc.Colour : new Rgb24(120, 140, 110);
                pixels[y * width + x] = new(Lit(colour.R), Lit(colour.G), Lit(colour.B));

                byte Lit(byte value) => (byte)Math.Clamp(value + light, 0, 255);
            }
        return Image.LoadPixelData(pixels, width, height);
    }

    /// <summary>Of one colour.</summary>
    public static Image<Rgba32> Flat(Rgba32 colour, int side = 128) => new(side, side, colour);
}
