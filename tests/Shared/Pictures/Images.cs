using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Tests.Shared;

/// <summary>Writes small pictures and IDX files.</summary>
internal static class Images
{
    /// <summary>A picture of one colour.</summary>
    public static void Save(string path, byte red, byte green, byte blue, int width = 40, int height = 40)
    {
        using var image = Image.LoadPixelData<Rgb24>(Enumerable.Repeat(new[] { red, green, blue }, width * height).SelectMany(p => p)
            .ToArray(), width, height);
        ImageFile.Save(image, path);
    }

    /// <summary>64 × 32 pixels: red, black and blue from left to right, a quarter, a half and a quarter of it.</summary>
    public static void SaveStripes(string path)
    {
        using var image = Image.LoadPixelData<Rgb24>([.. Enumerable.Range(0, 64 * 32).Select(i => (i % 64) switch
        {
            < 16 => new Rgb24(255, 0, 0),
            < 48 => new Rgb24(0, 0, 0),
            _ => new Rgb24(0, 0, 255),
        })], 64, 32);
        ImageFile.Save(image, path);
    }

    /// <summary>An IDX file of <paramref name="count"/> images of 28 × 28, image i filled with the value i.</summary>
    public static byte[] Idx(int count, int rows = 28, int columns = 28) =>
        [0, 0, 8, 3, .. BigEndian(count), .. BigEndian(rows), .. BigEndian(columns),
            .. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)i, rows * columns))];

    public static byte[] IdxLabels(params byte[] labels) => [0, 0, 8, 1, .. BigEndian(labels.Length), .. labels];

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
