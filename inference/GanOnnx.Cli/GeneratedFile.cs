using GanOnnx.Audio;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Video;

namespace GanOnnx.Cli;

/// <summary>Whether files are ours to replace or remove: they say that gan made them.</summary>
internal static class GeneratedFile
{
    /// <summary>Checks that nothing of somebody else's is in the place of a folder's files.</summary>
    /// <exception cref="UsageException">Something is.</exception>
    public static void Check(IEnumerable<string> paths) => Check(paths, "folder");

    /// <summary>The same for a file that is named, whose folder may be missing.</summary>
    /// <exception cref="UsageException">Something is in its place, or a folder is missing at the top of the disk.</exception>
    public static void CheckOne(string path)
    {
        OutputPath.CheckFile(path);
        Check([path], "name");
    }

    /// <summary>Removes a file that isn't wanted any more, if it is there and ours.</summary>
    public static void Remove(string path)
    {
        if (File.Exists(path) && IsOurs(path))
            File.Delete(path);
    }

    private static void Check(IEnumerable<string> paths, string other)
    {
        if (paths.FirstOrDefault(path => Path.Exists(path) && !IsOurs(path)) is { } taken)
            throw new UsageException($"'{taken}' is there and doesn't say that gan made it, so it isn't replaced. Move it away, or give "
                + $"another {other}.");
    }

    private static bool IsOurs(string path)
    {
        // A link is a file of whoever made it, and what has no length may be a pipe, which would be waited for.
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null, Length: > 0 })
            return false;
        try
        {
            var origin = SoundFile.IsSoundFile(path) ? SoundFile.ReadProvenance(path)
                : VideoFile.IsMp4(path) ? VideoFile.ReadMp4Provenance(path) : Provenance.Read(path);
            return origin?.IsOurs == true;
        }
        catch (Exception e) when (e is ImageException or SoundException or VideoException)
        {
            return false;
        }
    }
}
