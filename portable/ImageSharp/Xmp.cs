using System.Buffers.Binary;

namespace SixLabors.ImageSharp;

/// <summary>Puts an XMP packet into a file that libgd encoded (XMP specification part 3; WebP container specification).</summary>
internal static class Xmp
{
    private const int WebpXmpFlag = 0x04;
    private const int WebpAlphaFlag = 0x10;

    public static ReadOnlySpan<byte> PngKeyword => "XML:com.adobe.xmp\0"u8;

    public static ReadOnlySpan<byte> JpegSignature => "http://ns.adobe.com/xap/1.0/\0"u8;

    public static byte[] GifExtension { get; } = [(byte)'!', 0xFF, 11, .. "XMP DataXMP"u8];

    public static byte[] AddToPng(byte[] file, byte[] xmp)
    {
        const int AfterHeader = 8 + 25;
        byte[] body = [.. "iTXt"u8, .. PngKeyword, 0, 0, 0, 0, .. xmp];
        return [.. file[..AfterHeader], .. Big(body.Length - 4), .. body, .. Big((int)Crc32(body)), .. file[AfterHeader..]];
    }

    public static byte[] AddToJpeg(byte[] file, byte[] xmp)
    {
        var length = 2 + JpegSignature.Length + xmp.Length;
        if (length > ushort.MaxValue)
            throw new ImageFormatException($"{xmp.Length} bytes of XMP are too many for a JPEG file.");
        const int AfterJfif = 2 + 18;
        return [.. file[..AfterJfif], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. JpegSignature, .. xmp, .. file[AfterJfif..]];
    }

    public static byte[] AddToWebp(byte[] file, byte[] xmp)
    {
        var chunks = file.AsSpan(12).ToArray();
        if (chunks.AsSpan().StartsWith("VP8X"u8))
            chunks[8] |= WebpXmpFlag;
        else
            chunks = [.. ExtendedHeader(file), .. chunks];
        byte[] body = [.. "WEBP"u8, .. chunks, .. "XMP "u8, .. Little(xmp.Length), .. xmp, .. new byte[xmp.Length % 2]];
        return [.. "RIFF"u8, .. Little(body.Length), .. body];
    }

    // The packet stands where sub-blocks should; the trailer leads every byte of it, read as a sub-block's length, to the end.
    public static byte[] AddToGif(byte[] file, byte[] xmp)
    {
        var header = Header.GifHeaderLength(file);
        byte[] trailer = [1, .. Enumerable.Range(0, 256).Select(i => (byte)(255 - i)), 0];
        return [.. file[..header], .. GifExtension, .. xmp, .. trailer, .. file[header..]];
    }

    private static byte[] ExtendedHeader(byte[] file)
    {
        var header = Header.Parse(file);
        var alpha = file.AsSpan(12).StartsWith("VP8L"u8) && (file[24] & 0x10) != 0;
        return
        [
            .. "VP8X"u8, .. Little(10), (byte)(alpha ? WebpXmpFlag | WebpAlphaFlag : WebpXmpFlag), 0, 0, 0,
            .. Little(header.Width - 1)[..3], .. Little(header.Height - 1)[..3],
        ];
    }

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
