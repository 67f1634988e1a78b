using System.Buffers.Binary;
using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Containers;

/// <summary>PNG: a chunk <c>caBX</c> (A.3.2). A chunk is length, type, data, CRC.</summary>
internal sealed class PngContainer : Container
{
    private const int SignatureLength = 8, Frame = 12, HeaderChunk = Frame + 13;

    private static readonly byte[] _signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private static readonly uint[] _table = [.. Enumerable.Range(0, 256).Select(Remainder)];

    public override string MediaType => "image/png";

    public override long PlaceIn(Stream file) =>
        file.Length >= SignatureLength + HeaderChunk ? SignatureLength + HeaderChunk : throw new EndOfStreamException();

    public override long LengthOf(int store) => Frame + store;

    public override byte[] Wrap(ReadOnlySpan<byte> store)
    {
        var chunk = new byte[Frame + store.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, store.Length);
        "caBX"u8.CopyTo(chunk.AsSpan(4));
        store.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + store.Length), Crc(chunk.AsSpan(4, 4 + store.Length)));
        return chunk;
    }

    protected override bool Begins(ReadOnlySpan<byte> file) => file.StartsWith(_signature);

    protected override Located? Search(Parts file)
    {
        Located? found = null;
        for (long at = SignatureLength; at + Frame <= file.Length;)
        {
            var header = file.Next(at, 8);
            var length = Parts.UInt32(header);
            if (header.AsSpan(4).SequenceEqual("caBX"u8))
            {
                var store = file.ReadStore(at + 8, length);
                if (at + Frame + length > file.Length
                    || Parts.UInt32(file.Read(at + 8 + length, 4)) != Crc([.. header.AsSpan(4), .. store]))
                    throw new MalformedException("the checksum of the chunk caBX is wrong");
                found = Only(found, new(at, Frame + length, store));
            }
            at += Frame + length;
        }
        return found;
    }

    // PNG specification, third edition, annex D.
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = _table[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static uint Remainder(int value)
    {
        var remainder = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            remainder = (remainder & 1) != 0 ? 0xEDB88320 ^ (remainder >> 1) : remainder >> 1;
        return remainder;
    }
}
