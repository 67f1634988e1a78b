using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace GanOnnx.Tests.Shared.Kills;

/// <summary>Whether files are whole, by other code than what wrote them.</summary>
internal static class Wholeness
{
    /// <summary>Checks the sums of a checkpoint: of its header, with zeros in the sum's place, and of each tensor.</summary>
    public static void CheckCheckpoint(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = Encoding.UTF8.GetString(bytes, 8, length);
        using var json = JsonDocument.Parse(header);
        var sums = json.RootElement.GetProperty("__metadata__");
        var sum = sums.GetProperty("sha256").GetString()!;
        Check(path, Encoding.UTF8.GetBytes(header.Replace(sum, new string('0', sum.Length), StringComparison.Ordinal)), sum);
        foreach (var tensor in json.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__"))
        {
            var places = tensor.Value.GetProperty("data_offsets");
            Check($"{path}: {tensor.Name}", bytes.AsSpan(8 + length + places[0].GetInt32(), places[1].GetInt32() - places[0].GetInt32()),
                sums.GetProperty("sha256:" + tensor.Name).GetString()!);
        }
    }

    /// <summary>Checks that a file, if it is there, is one of those.</summary>
    public static void CheckOneOf(string path, params IReadOnlyList<byte[]> versions)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is var bytes && !versions.Any(v => v.AsSpan().SequenceEqual(bytes)))
            throw new InvalidOperationException($"'{path}' has {bytes.Length} bytes and is none of those that were written.");
    }

    /// <summary>A folder's files by their names.</summary>
    public static Dictionary<string, byte[]> Contents(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f), File.ReadAllBytes);

    /// <summary>Checks that a folder has these files and folders, and no other.</summary>
    public static void CheckNames(string folder, IEnumerable<string> expected, Func<string, bool>? leaveOut = null)
    {
        var names = Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f))
            .Where(name => leaveOut?.Invoke(name) != true).Order(StringComparer.Ordinal).ToArray();
        var wanted = expected.Order(StringComparer.Ordinal).ToArray();
        if (!names.SequenceEqual(wanted))
            throw new InvalidOperationException($"'{folder}' has {string.Join(", ", names)}; expected: {string.Join(", ", wanted)}");
    }

    private static void Check(string what, ReadOnlySpan<byte> bytes, string sum)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sum)
            throw new InvalidOperationException($"{what} isn't what its checksum says.");
    }
}
