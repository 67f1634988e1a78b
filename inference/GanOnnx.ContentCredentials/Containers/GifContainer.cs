using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Containers;

/// <summary>GIF: an application extension <c>C2PA_GIF</c> before the first image (A.3.7), its data in blocks of up to 255 bytes.</summary>
internal sealed class GifContainer : Container
{
    private const int ScreenLength = 13, FlagsAt = 10, MostInBlock = 255;

    private const byte Introducer = (byte)'!', Application = 0xFF;

    private static readonly byte[] _header = [Introducer, Application, 11, .. "C2PA_GIF"u8, 1, 0, 0];

    public override string MediaType => "image/gif";

    public override long PlaceIn(Stream file) => BehindColors(new(file, int.MaxValue));

    public override long LengthOf(int store) => _header.Length + store + Blocks(store) + 1;

    public override byte[] Wrap(ReadOnlySpan<byte> store)
    {
        var extension = new byte[LengthOf(store.Length)];
        _header.CopyTo(extension, 0);
        for (var (to, from) = (_header.Length, 0); from < store.Length; from += MostInBlock)
        {
            var part = store[from..Math.Min(from + MostInBlock, store.Length)];
            extension[to] = (byte)part.Length;
            part.CopyTo(extension.AsSpan(to + 1));
            to += 1 + part.Length;
        }
        return extension;
    }

    protected override bool Begins(ReadOnlySpan<byte> file) => file.StartsWith("GIF8"u8);

    protected override Located? Search(Parts file)
    {
        Located? found = null;
        for (var at = BehindColors(file); file.Next(at, 2) is [Introducer, _];)
            if (at + _header.Length < file.Length && file.Read(at, _header.Length).AsSpan(0, 11).SequenceEqual(_header.AsSpan(0, 11)))
            {
                var (store, end) = Gather(file, at + _header.Length);
                found = Only(found, new(at, end - at, store));
                at = end;
            }
            else
                at = BehindBlocks(file, at + 2);
        return found;
    }

    private static int Blocks(int store) => (store - 1) / MostInBlock + 1;

    // Behind the logical screen and the colours that all frames share.
    private static long BehindColors(Parts file)
    {
        var flags = file.Read(0, ScreenLength)[FlagsAt];
        return ScreenLength + ((flags & 0x80) != 0 ? 3L << ((flags & 7) + 1) : 0);
    }

    private static long BehindBlocks(Parts file, long at)
    {
        for (int length; (length = file.Next(at, 1)[0]) > 0;)
            at += 1 + length;
        return at + 1;
    }

    private static (byte[] Store, long End) Gather(Parts file, long at)
    {
        using var store = new MemoryStream();
        try
        {
            for (int length; (length = file.Next(at, 1)[0]) > 0; at += 1 + length)
            {
                if (store.Length + length > ContentCredential.LargestStore)
                    throw new MalformedException($"the manifest store has more than {ContentCredential.LargestStore} bytes");
                store.Write(file.ReadStore(at + 1, length));
            }
        }
        catch (EndOfStreamException)
        {
            throw new MalformedException("the manifest store is cut short");
        }
        return (store.ToArray(), at + 1);
    }
}
