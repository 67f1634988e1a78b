using System.Buffers.Binary;

namespace GanOnnx.Imaging.Decoding;

/// <summary>
/// Tells a whole image file from one that was cut short. Decoders fill the missing part with grey or noise and say nothing,
/// which is right for a browser and wrong for a training set.
/// </summary>
internal static class Completeness
{
    public static bool IsComplete(ReadOnlySpan<byte> file) => file switch
    {
        { Length: < 8 } => false,
        [0x89, (byte)'P', ..] => file.LastIndexOf("IEND"u8) > 0,
        [0xFF, 0xD8, ..] => JpegEnds(file),
        [(byte)'R', (byte)'I', ..] => BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L <= file.Length,
        [(byte)'G', (byte)'I', ..] => file.TrimEnd((byte)0) is [.., (byte)';'],
        [(byte)'B', (byte)'M', ..] => BinaryPrimitives.ReadUInt32LittleEndian(file[2..]) <= file.Length,
        _ => true,
    };

    // Segments before the scan may hold a thumbnail, a JPEG file of its own, so the end marker counts only after the scan's start.
    private static bool JpegEnds(ReadOnlySpan<byte> file)
    {
        file = file[2..];
        while (file is [0xFF, var marker, ..])
        {
            if (marker == 0xDA)
                return file.IndexOf([(byte)0xFF, (byte)0xD9]) > 0;
            var next = marker == 0xFF ? 1 : file.Length < 4 ? file.Length : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[2..]);
            file = file[Math.Min(next, file.Length)..];
        }
        return false;
    }
}
