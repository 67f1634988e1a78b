using System.Buffers.Binary;
using System.Text;

namespace GanOnnx.ContentCredentials.Containers;

/// <summary>WebP and WAV: a chunk <c>C2PA</c> at the end of the RIFF file (A.3.6). A chunk is type, length, data, and a byte more where
/// that is odd.</summary>
/// <param name="form">What kind of RIFF file it is: 4 letters at byte 8.</param>
/// <param name="mediaType">What it is called elsewhere.</param>
internal sealed class RiffContainer(string form, string mediaType) : Container
{
    private const int Header = 8, FirstChunk = 12;

    public override string MediaType => mediaType;

    public override long PlaceIn(Stream file) => file.Length;

    // Stores have an even length.
    public override long LengthOf(int store) => Header + store;

    public override byte[] Wrap(ReadOnlySpan<byte> store)
    {
        var chunk = new byte[Header + store.Length];
        "C2PA"u8.CopyTo(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), store.Length);
        store.CopyTo(chunk.AsSpan(Header));
        return chunk;
    }

    public override void Grow(Span<byte> start, long more)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) + more;
        BinaryPrimitives.WriteUInt32LittleEndian(start[4..], length <= uint.MaxValue - Header ? (uint)length
            : throw new CredentialException("The file has 4 GB, as much as it can hold; there is no room for credentials."));
    }

    protected override bool Begins(ReadOnlySpan<byte> file) =>
        file.Length >= FirstChunk && file.StartsWith("RIFF"u8) && Encoding.ASCII.GetString(file[8..12]) == form;

    protected override Located? Search(Parts file)
    {
        Located? found = null;
        for (long at = FirstChunk; at + Header <= file.Length;)
        {
            var header = file.Next(at, Header);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
            if (header.AsSpan(0, 4).SequenceEqual("C2PA"u8))
                found = Only(found, new(at, Header + length, file.ReadStore(at + Header, length)));
            at += Header + length + length % 2;
        }
        return found;
    }
}
