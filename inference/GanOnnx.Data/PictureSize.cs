using System.Buffers.Binary;
using System.Globalization;

namespace GanOnnx.Data;

/// <summary>A picture's width and height in pixels, as its file has them.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Pixels in a column.</param>
public readonly record struct PictureSize(int Width, int Height)
{
    // A JPEG's size stands behind its metadata, which are parts of at most 64 KB each.
    private const int MostJpegParts = 1000;

    /// <summary>As <c>128 × 96</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width} × {Height}");

    /// <summary>What a picture's header says; null where it says nothing that can be.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="stream">All of it.</param>
    internal static PictureSize? Read(ReadOnlySpan<byte> head, Stream stream)
    {
        var (width, height) = head switch
        {
            [0x89, (byte)'P', ..] when head.Length >= 24 =>
                (BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..])),
            [(byte)'G', ..] when head.Length >= 10 => (Word(head[6..]), Word(head[8..])),
            [(byte)'B', ..] when head.Length >= 26 => head[14] == 12
                ? (Word(head[18..]), Word(head[20..]))
                : (BinaryPrimitives.ReadInt32LittleEndian(head[18..]), BinaryPrimitives.ReadInt32LittleEndian(head[22..])),
            [(byte)'R', ..] when head.Length >= 30 => WebP(head),
            [0xFF, 0xD8, ..] => Jpeg(stream),
            _ => (0, 0),
        };
        // A BMP that begins at its top has a negative height.
        return width > 0 && height is not (0 or int.MinValue) ? new(width, Math.Abs(height)) : null;
    }

    private static int Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static (int Width, int Height) WebP(ReadOnlySpan<byte> head) => head[15] switch
    {
        (byte)'X' => ((head[24] | head[25] << 8 | head[26] << 16) + 1, (head[27] | head[28] << 8 | head[29] << 16) + 1),
        (byte)'L' => ((head[21] | (head[22] & 0x3F) << 8) + 1, (head[22] >> 6 | head[23] << 2 | (head[24] & 0x0F) << 10) + 1),
        (byte)' ' => (Word(head[26..]) & 0x3FFF, Word(head[28..]) & 0x3FFF),
        _ => (0, 0),
    };

    private static (int Width, int Height) Jpeg(Stream stream)
    {
        Span<byte> part = stackalloc byte[9];
        stream.Position = 2;
        for (var i = 0; i < MostJpegParts && stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) == part.Length; i++)
        {
            if (part[0] != 0xFF)
                break;
            if (part[1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(part[7..]), BinaryPrimitives.ReadUInt16BigEndian(part[5..]));
            // Fill bytes and markers without a part behind them are rare, and then the size isn't told.
            stream.Position += 2 + BinaryPrimitives.ReadUInt16BigEndian(part[2..]) - part.Length;
        }
        return (0, 0);
    }
}
