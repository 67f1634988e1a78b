using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Resampling;

/// <summary>
/// Pictures made smaller and larger as MATLAB's <c>imresize</c> does it, with which super-resolution is measured: bicubic, a = −0.5,
/// antialiased where it shrinks, mirrored borders, rounded once, at the end.
/// </summary>
internal static class Bicubic
{
    private const int Channels = 3;

    /// <summary>A picture of another size. The caller disposes it.</summary>
    public static Image<Rgb24> Resize(Image<Rgb24> picture, int width, int height)
    {
        var resampler = Resampler.Matlab((picture.Width, picture.Height), (width, height));
        var (from, to) = (new Rgb24[picture.Width * picture.Height], new Rgb24[width * height]);
        picture.CopyPixelDataTo(from);
        ReadOnlySpan<byte> there = MemoryMarshal.AsBytes<Rgb24>(from);
        var made = MemoryMarshal.AsBytes(to.AsSpan());
        var (plane, work, result) = (new float[from.Length], new float[resampler.WorkLength], new float[to.Length]);
        for (var channel = 0; channel < Channels; channel++)
        {
            for (var i = 0; i < plane.Length; i++)
                plane[i] = there[Channels * i + channel];
            resampler.Resize(plane, work, result);
            for (var i = 0; i < result.Length; i++)
                made[Channels * i + channel] = (byte)Math.Clamp(result[i] + 0.5f, byte.MinValue, byte.MaxValue);
        }
        return Image.LoadPixelData(to, width, height);
    }
}
