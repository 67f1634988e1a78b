using System.Buffers.Binary;
using System.IO.Compression;

namespace GanOnnx.Shared;

/// <summary>An entry of a zip as it is read. The zip has a checksum of it, which .NET doesn't look at.</summary>
/// <remarks>The checksum is the CRC-32 of ISO 3309, taken eight bytes at a time.</remarks>
internal sealed class SummedEntry(Stream unpacked, uint expected) : ForwardStream
{
    private const uint Polynomial = 0xEDB88320;
    private const int AtATime = 8;

    private static readonly uint[][] _tables = Tables();

    private uint _sum = uint.MaxValue;
    private bool _ended, _isBroken;

    /// <summary>Opens an entry.</summary>
    public static SummedEntry Open(ZipArchiveEntry entry) => new(entry.Open(), entry.Crc32);

    /// <summary>Whether it is read to its end and isn't what was packed. What can't be unpacked ends there.</summary>
    public bool IsDamaged => _isBroken || (_ended && ~_sum != expected);

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        try
        {
            read = _isBroken ? 0 : unpacked.Read(buffer);
        }
        catch (InvalidDataException)
        {
            _isBroken = true;
        }
        _ended |= read == 0 && buffer.Length > 0;
        _sum = Add(_sum, buffer[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= AtATime; bytes = bytes[AtATime..])
        {
            var low = sum ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            sum = _tables[7][(byte)low] ^ _tables[6][(byte)(low >> 8)] ^ _tables[5][(byte)(low >> 16)] ^ _tables[4][low >> 24]
                ^ _tables[3][(byte)high] ^ _tables[2][(byte)(high >> 8)] ^ _tables[1][(byte)(high >> 16)] ^ _tables[0][high >> 24];
        }
        foreach (var b in bytes)
            sum = _tables[0][(byte)(sum ^ b)] ^ (sum >> 8);
        return sum;
    }

    // Of a byte that is followed by 0 to 7 zeros.
    private static uint[][] Tables()
    {
        var tables = new uint[AtATime][];
        for (var zeros = 0; zeros < AtATime; zeros++)
        {
            tables[zeros] = new uint[256];
            for (uint b = 0; b < 256; b++)
            {
                var sum = zeros == 0 ? b : tables[zeros - 1][b];
                for (var bit = 0; bit < 8; bit++)
                    sum = (sum & 1) != 0 ? (sum >> 1) ^ Polynomial : sum >> 1;
                tables[zeros][b] = sum;
            }
        }
        return tables;
    }
}
