using System.Buffers.Binary;

namespace GanOnnx.Imaging.Decoding;

/// <summary>The chunks of a PNG file that say how it looks and where it comes from.</summary>
/// <remarks>PNG specification, third edition, section 5.3: a chunk is length, type, data, CRC.</remarks>
internal static class PngFilter
{
    private const int SignatureLength = 8, Frame = 12;

    /// <summary>
    /// Copies a file without what the decoder has no need of: compressed text above all, a few kilobytes of which it would turn into
    /// gigabytes without looking at the size.
    /// </summary>
    public static MemoryStream Reduce(ReadOnlySpan<byte> file)
    {
        var reduced = new MemoryStream(file.Length);
        reduced.Write(file[..SignatureLength]);
        for (var rest = file[SignatureLength..]; rest.Length >= Frame;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - Frame)
            {
                reduced.Write(rest); // the decoder says what it makes of a chunk that is cut short
                break;
            }
            var chunk = rest[..(Frame + (int)length)];
            if (IsNeeded(chunk[4..8], chunk[8..^4]))
                reduced.Write(chunk);
            rest = rest[chunk.Length..];
        }
        reduced.Position = 0;
        return reduced;
    }

    private static bool IsNeeded(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("iTXt"u8)) // keyword, 0, whether it is compressed
            return data.IndexOf((byte)0) is >= 0 and var end && end + 1 < data.Length && data[end + 1] == 0;
        return type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8)
            || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("eXIf"u8) || type.SequenceEqual("tEXt"u8);
    }
}
