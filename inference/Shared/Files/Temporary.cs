using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace GanOnnx.Shared;

/// <summary>
/// Files that are there for a moment, beside what they are to become. A killed program leaves them; the next one that writes
/// into the folder removes them. They are known by two marks: a name that ends with a checksum of its random part, which
/// nobody else gives, and that no living writer has them open.
/// </summary>
/// <remarks>The names begin with a dot and have no ending of an image: lists of folders and training pass them over.</remarks>
internal static class Temporary
{
    private const string Start = ".ganonnx-", FileEnd = ".tmp", FolderEnd = ".folder";
    private const int RandomBytes = 12, CheckBytes = 8;

    // Between making a file and locking it, a living writer can't be told from a killed one; that takes microseconds.
    private static readonly TimeSpan _making = TimeSpan.FromMilliseconds(300);

    private static readonly ConcurrentDictionary<string, bool> _cleaned = new(StringComparer.Ordinal);

    /// <summary>Makes a file of a new name.</summary>
    /// <param name="folder">The folder, which must exist.</param>
    /// <param name="path">Its path.</param>
    /// <returns>The file, open; on Unix that is a lock, which ends with this process however it ends.</returns>
    public static FileStream Create(string folder, out string path)
    {
        path = Path.Combine(folder, NewName() + FileEnd);
        return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
    }

    /// <summary>Removes what killed programs left in a folder, the first time that this process asks for it.</summary>
    public static void CleanOnce(string folder)
    {
        if (_cleaned.TryAdd(folder, true))
            Clean(folder);
    }

    /// <summary>Removes what killed programs left in a folder. What can't be removed now stays for the next one.</summary>
    public static void Clean(string folder)
    {
        try
        {
            var names = new DirectoryInfo(folder).EnumerateFileSystemInfos(Start + "*").Where(entry => entry.LinkTarget is null)
                .Select(entry => NameOf(entry.Name)).OfType<string>().Distinct().ToArray();
            foreach (var name in names)
                CleanOne(Path.Combine(folder, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Where the folder is that belongs to such a file.</summary>
    public static string FolderOf(string file) => file[..^FileEnd.Length] + FolderEnd;

    /// <summary>Deletes a file if it is there and that is possible.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void CleanOne(string path)
    {
        try
        {
            var there = new FileInfo(path + FileEnd);
            var isBeingMade = there is { Exists: true, Length: 0 } && DateTime.UtcNow - there.LastWriteTimeUtc < _making;
            if (there.LinkTarget is not null || isBeingMade)
                return;
            // Fails while its writer lives.
            using var file = new FileStream(path + FileEnd, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
            ScratchFolder.Remove(path + FolderEnd, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string NewName()
    {
        var random = RandomNumberGenerator.GetBytes(RandomBytes);
        return Start + Convert.ToHexStringLower([.. random, .. CheckOf(random)]);
    }

    // The name without its ending, or null where it isn't one that we give.
    private static string? NameOf(string name)
    {
        var bare = name.EndsWith(FileEnd, StringComparison.Ordinal) ? name[..^FileEnd.Length]
            : name.EndsWith(FolderEnd, StringComparison.Ordinal) ? name[..^FolderEnd.Length] : "";
        if (bare.Length != Start.Length + 2 * (RandomBytes + CheckBytes) || !bare[Start.Length..].All(char.IsAsciiHexDigitLower))
            return null;
        var bytes = Convert.FromHexString(bare[Start.Length..]);
        return CheckOf(bytes[..RandomBytes]).AsSpan().SequenceEqual(bytes.AsSpan(RandomBytes)) ? bare : null;
    }

    private static byte[] CheckOf(byte[] random) =>
        SHA256.HashData([.. Encoding.ASCII.GetBytes("a temporary file of GanOnnx"), .. random])[..CheckBytes];
}
