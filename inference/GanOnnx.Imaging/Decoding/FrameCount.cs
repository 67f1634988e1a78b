using System.Buffers.Binary;

namespace GanOnnx.Imaging.Decoding;

/// <summary>How many frames a picture has, without decoding any. Damaged ones may have others to a decoder: it needs a limit of its
/// own.</summary>
/// <remarks>GIF89a specification, appendix B.</remarks>
internal static class FrameCount
{
    private const byte Extension = 0x21, Image = 0x2C;

    /// <summary>The frames of a GIF; 1 of anything else.</summary>
    public static int Of(ReadOnlySpan<byte> file) => file is [(byte)'G', (byte)'I', (byte)'F', ..] ? OfGif(file) : 1;

    /// <summary>Whether a file is more than one picture to those who show animations: a GIF of several frames, a PNG with what an
    /// animation has. Moving WebP files can't be decoded here.</summary>
    /// <remarks>PNG, third edition, section 11.3.6.</remarks>
    public static bool IsAnimation(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? IsMovingPng(file) : Of(file) > 1;

    private static bool IsMovingPng(ReadOnlySpan<byte> file)
    {
        const int Begin = 8, Header = 8, Checksum = 4;
        for (long at = Begin; at + Header <= file.Length;)
        {
            var chunk = file.Slice((int)at, Header);
            if (chunk[4..].SequenceEqual("acTL"u8) || chunk[4..].SequenceEqual("fdAT"u8))
                return true;
            at += Header + BinaryPrimitives.ReadUInt32BigEndian(chunk) + Checksum;
        }
        return false;
    }

    private static int OfGif(ReadOnlySpan<byte> file)
    {
        const int Header = 13, Descriptor = 10;
        if (file.Length < Header)
            return 0;
        var (count, at) = (0, Header + ColorTable(file[10]));
        while (at + 1 < file.Length)
        {
            var kind = file[at];
            if (kind == Image && at + Descriptor < file.Length)
            {
                count++;
                at += Descriptor + ColorTable(file[at + 9]) + 1; // and the first code's length
            }
            else if (kind == Extension)
                at += 2;
            else
                break;
            at = AfterBlocks(file, at);
        }
        return count;
    }

    private static int ColorTable(byte packed) => (packed & 0x80) == 0 ? 0 : 3 << ((packed & 7) + 1);

    // Blocks begin with their length; one without any is the last.
    private static int AfterBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] > 0)
            at += file[at] + 1;
        return at + 1;
    }
}
