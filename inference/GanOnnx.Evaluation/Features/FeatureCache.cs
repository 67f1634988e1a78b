using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using GanOnnx.Data;
using GanOnnx.Shared;

namespace GanOnnx.Evaluation;

/// <summary>
/// Features of data sets, kept in the user's application data: they are the same for every model that is compared with the set. A file is
/// found by all that decides its contents, and carries a checksum; one that is damaged is made anew.
/// </summary>
internal static class FeatureCache
{
    private static readonly byte[] _mark = "GanOnnx features 1"u8.ToArray();

    /// <summary>The features of a set, from the cache or computed and kept.</summary>
    /// <param name="key">All that decides them; null where the set may change unseen: then nothing is kept.</param>
    /// <param name="size">Values per vector.</param>
    /// <param name="compute">Computes them, with the places of those images that can be decoded.</param>
    public static (FeatureSet Features, int[] Places) Get(string? key, int size, Func<(FeatureSet, int[])> compute)
    {
        if (key is null || Folder() is not { } folder)
            return compute();
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32]}.features");
        if (Read(path, size) is { } known)
            return known;
        var (features, places) = compute();
        try
        {
            OwnFile.Write(path, IsOne, file => Write(file, features, places), makeFolder: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is computed again the next time.
        }
        return (features, places);
    }

    private static string? Folder()
    {
        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return root.Length == 0 ? null : Path.Combine(root, "ganonnx", "features");
    }

    private static void Write(Stream file, FeatureSet features, int[] places)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(ReadOnlySpan<byte> bytes)
        {
            file.Write(bytes);
            hash.AppendData(bytes);
        }
        Append(_mark);
        Append(MemoryMarshal.AsBytes([features.Size, features.Count]));
        Append(MemoryMarshal.AsBytes(places.AsSpan()));
        for (var i = 0; i < features.Count; i++)
            Append(MemoryMarshal.AsBytes(features[i]));
        file.Write(hash.GetHashAndReset());
    }

    private static (FeatureSet, int[])? Read(string path, int size)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            var bytes = File.ReadAllBytes(path);
            var contents = bytes.AsSpan(0, Math.Max(0, bytes.Length - SHA256.HashSizeInBytes));
            if (!contents.StartsWith(_mark) || !SHA256.HashData(contents).AsSpan().SequenceEqual(bytes.AsSpan(contents.Length)))
                return null;
            var header = MemoryMarshal.Cast<byte, int>(contents.Slice(_mark.Length, 2 * sizeof(int)));
            var (values, count) = (header[0], header[1]);
            var rest = contents[(_mark.Length + 2 * sizeof(int))..];
            if (values != size || rest.Length != (long)count * sizeof(int) * (1 + values))
                return null;
            var features = new FeatureSet(size);
            features.Add(MemoryMarshal.Cast<byte, float>(rest[(count * sizeof(int))..]));
            return (features, MemoryMarshal.Cast<byte, int>(rest[..(count * sizeof(int))]).ToArray());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsOne(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[_mark.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(_mark);
    }
}
