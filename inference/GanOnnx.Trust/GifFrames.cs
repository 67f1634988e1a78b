using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Trust;

/// <summary>The frames of an animation, each as a GIF of its own, as <see cref="ImageAnimation"/> put them together.</summary>
internal static class GifFrames
{
    private const int ScreenLength = 13, FlagsAt = 10, DescriptorLength = 10, DescriptorFlagsAt = 9;

    private const byte Introducer = (byte)'!', GraphicControl = 0xF9, Descriptor = (byte)',', Trailer = (byte)';';

    // As large as the largest picture may be, and no more in memory.
    private const long LargestFile = 1 << 30;

    /// <summary>Decodes the frames one after the other; each is disposed when the next is asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How many there may be at most; what is behind that counts as one more.</param>
    /// <exception cref="ImageException">It is no GIF, damaged, or too large.</exception>
    public static IEnumerable<Image<Rgba32>> Read(string path, int most)
    {
        var info = new FileInfo(path);
        if (info.Length > LargestFile)
            throw new ImageException($"'{path}' has {info.Length:N0} bytes, more than the {LargestFile:N0} of an animation that "
                + "is checked.");
        var file = File.ReadAllBytes(path);
        if (file.Length <= ScreenLength || !file.AsSpan().StartsWith("GIF8"u8))
            throw new ImageException($"'{path}' is no GIF, which its marks say.");
        var begin = ScreenLength + Colors(file[FlagsAt]);
        var control = default(Range);
        for (var (at, count) = (begin, 0); at < file.Length && file[at] is Introducer or Descriptor && count <= most;)
        {
            var end = file[at] == Introducer ? BehindBlocks(file, at + 2, path)
                : BehindBlocks(file, at + DescriptorLength + Colors(ByteAt(file, at + DescriptorFlagsAt, path)) + 1, path);
            if (file[at] == Introducer)
                control = ByteAt(file, at + 1, path) == GraphicControl ? at..end : control;
            else
            {
                byte[] frame = [.. file[..begin], .. file[control], .. file[at..end], Trailer];
                (control, count) = (default, count + 1);
                using var image = ImageReader.ReadWhole(new MemoryStream(frame, writable: false), path);
                yield return image;
            }
            at = end;
        }
    }

    private static int Colors(byte flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;

    private static int BehindBlocks(byte[] file, int at, string path)
    {
        for (byte length; (length = ByteAt(file, at, path)) > 0;)
            at += 1 + length;
        return at + 1;
    }

    private static byte ByteAt(byte[] file, int at, string path) =>
        at < file.Length ? file[at] : throw new ImageException($"'{path}' is cut short: its end is missing. Copy it again or remove it.");
}
