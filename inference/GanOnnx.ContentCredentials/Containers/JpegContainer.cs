using System.Buffers.Binary;
using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Containers;

/// <summary>
/// JPEG: one or more segments APP11, one behind the other (A.3.1). Each has marker, length, <c>JP</c>, the box's number, its own
/// number, and the box's length and type once more (ISO 19566-5, D.2).
/// </summary>
internal sealed class JpegContainer : Container
{
    private const int BeforeBox = 2 + 2 + 2 + 2 + 4, MostInSegment = 64_000;

    private const byte Prefix = 0xFF, Start = 0xD8, End = 0xD9, Scan = 0xDA, App0 = 0xE0, App11 = 0xEB;

    private const short BoxNumber = 0x0211;

    private const int KindAt = BeforeBox + 2 * JumbfBox.HeaderLength;

    public override string MediaType => "image/jpeg";

    // JFIF's segment has to come first.
    public override long PlaceIn(Stream file)
    {
        var parts = new Parts(file, int.MaxValue);
        var header = parts.Read(2, 4);
        return header is [Prefix, App0, ..] ? 4 + BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)) : 2;
    }

    public override long LengthOf(int store) => store + (long)Segments(store) * BeforeBox + (Segments(store) - 1L) * JumbfBox.HeaderLength;

    public override byte[] Wrap(ReadOnlySpan<byte> store)
    {
        var segments = new byte[LengthOf(store.Length)];
        var to = segments.AsSpan();
        for (var i = 0; i < Segments(store.Length); i++)
        {
            var part = store.Slice(i * MostInSegment, Math.Min(MostInSegment, store.Length - i * MostInSegment));
            var repeated = i == 0 ? [] : store[..JumbfBox.HeaderLength];
            var length = BeforeBox + repeated.Length + part.Length;
            (to[0], to[1], to[4], to[5]) = (Prefix, App11, (byte)'J', (byte)'P');
            BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)(length - 2));
            BinaryPrimitives.WriteInt16BigEndian(to[6..], BoxNumber);
            BinaryPrimitives.WriteInt32BigEndian(to[8..], i + 1);
            repeated.CopyTo(to[BeforeBox..]);
            part.CopyTo(to[(BeforeBox + repeated.Length)..]);
            to = to[length..];
        }
        return segments;
    }

    protected override bool Begins(ReadOnlySpan<byte> file) => file is [Prefix, Start, ..];

    protected override Located? Search(Parts file)
    {
        Located? found = null;
        for (var at = 2L; file.Next(at, 2) is [Prefix, not (Scan or End) and var marker];)
        {
            if (marker is Prefix)
            {
                at++;
                continue;
            }
            var length = LengthAt(file, at);
            if (marker == App11 && BeginsStore(file, at, length))
            {
                found = Only(found, Gather(file, at));
                length = found.Length;
            }
            at += length;
        }
        return found;
    }

    private static int Segments(int store) => (store - 1) / MostInSegment + 1;

    private static long LengthAt(Parts file, long at) => 2 + BinaryPrimitives.ReadUInt16BigEndian(file.Read(at + 2, 2));

    private static bool BeginsStore(Parts file, long at, long length) =>
        length > KindAt + 4 && at + length <= file.Length && file.Read(at, KindAt + 4) is var bytes
            && bytes.AsSpan(4, 2).SequenceEqual("JP"u8) && bytes.AsSpan(KindAt, 4).SequenceEqual("c2pa"u8);

    private static Located Gather(Parts file, long start)
    {
        var first = file.Read(start, BeforeBox + JumbfBox.HeaderLength);
        var total = Parts.UInt32(first.AsSpan(BeforeBox));
        if (total > ContentCredential.LargestStore)
            throw new MalformedException($"the manifest store says that it has {total} bytes, more than {ContentCredential.LargestStore}");
        using var store = new MemoryStream();
        var at = start;
        for (var number = 1; store.Length < total; number++)
        {
            var header = at + BeforeBox + JumbfBox.HeaderLength <= file.Length ? file.Read(at, BeforeBox + JumbfBox.HeaderLength) : [];
            if (header is not [Prefix, App11, ..] || !header.AsSpan(4, 4).SequenceEqual(first.AsSpan(4, 4))
                || Parts.UInt32(header.AsSpan(8)) != number || !header.AsSpan(BeforeBox).SequenceEqual(first.AsSpan(BeforeBox)))
                throw new MalformedException("a segment of the manifest store is missing");
            var (length, skipped) = (LengthAt(file, at), BeforeBox + (number == 1 ? 0 : JumbfBox.HeaderLength));
            if (length <= skipped)
                throw new MalformedException("a segment of the manifest store is empty");
            store.Write(file.ReadStore(at + skipped, length - skipped));
            at += length;
        }
        return store.Length == total ? new(start, at - start, store.ToArray())
            : throw new MalformedException("the segments of the manifest store are longer than it");
    }
}
