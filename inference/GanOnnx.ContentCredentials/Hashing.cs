using System.Buffers;
using System.Security.Cryptography;

namespace GanOnnx.ContentCredentials;

/// <summary>Hashes of files, whole or without a part.</summary>
internal static class Hashing
{
    private const int BlockBytes = 1 << 16;

    /// <summary>The SHA-256 of a whole file.</summary>
    public static byte[] Of(Stream file) => Of(file, HashAlgorithmName.SHA256, file.Length, 0);

    /// <summary>The hash of a file without some bytes.</summary>
    public static byte[] Of(Stream file, HashAlgorithmName algorithm, long start, long length)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        file.Position = 0;
        Copy(file, start, hash.AppendData);
        file.Position = Math.Min(start + length, file.Length);
        Copy(file, file.Length - file.Position, hash.AppendData);
        return hash.GetHashAndReset();
    }

    /// <summary>Gives some bytes of a file, from where it is, block by block.</summary>
    public static void Copy(Stream file, long length, Action<ReadOnlySpan<byte>> to)
    {
        var block = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, BlockBytes));
        try
        {
            for (int part; length > 0; length -= part)
            {
                part = (int)Math.Min(length, block.Length);
                file.ReadExactly(block, 0, part);
                to(block.AsSpan(0, part));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
