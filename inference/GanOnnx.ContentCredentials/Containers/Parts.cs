using System.Buffers.Binary;
using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Containers;

/// <summary>A file, gone through part by part, from the front to the back.</summary>
internal sealed class Parts(Stream file, int most)
{
    private int _count;

    public long Length { get; } = file.Length;

    /// <summary>Some bytes, small in number.</summary>
    /// <exception cref="EndOfStreamException">They aren't there.</exception>
    public byte[] Read(long at, int length)
    {
        var bytes = new byte[length];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The first bytes of the next part.</summary>
    /// <exception cref="EndOfStreamException">They aren't there.</exception>
    /// <exception cref="MalformedException">There are too many parts.</exception>
    public byte[] Next(long at, int length) => ++_count <= most ? Read(at, length)
        : throw new MalformedException($"the file has more than {most} parts");

    /// <summary>A piece of a manifest store.</summary>
    /// <exception cref="MalformedException">It is too large or cut short.</exception>
    public byte[] ReadStore(long at, long length)
    {
        if (length > ContentCredential.LargestStore)
            throw new MalformedException($"the manifest store has {length} bytes, more than {ContentCredential.LargestStore}");
        return at + length <= Length ? Read(at, (int)length) : throw new MalformedException("the manifest store is cut short");
    }

    public static long UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
