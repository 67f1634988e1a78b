using GanOnnx.Audio;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;

namespace GanOnnx.Cli;

/// <summary>Whether files are ours to replace or remove: they say that gan made them.</summary>
internal static class GeneratedFile
{
    /// <summary>Checks that nothing of somebody else's is in the place of files.</summary>
    /// <exception cref="UsageException">Something is.</exception>
    public static void Check(IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault(path => (File.Exists(path) || Directory.Exists(path)) && !IsOurs(path)) is { } other)
            throw new UsageException($"'{other}' is there and doesn't say that gan made it, so it isn't replaced. Move it away, or give "
                + "another folder.");
    }

    /// <summary>Removes a file that isn't wanted any more, if it is there and ours.</summary>
    public static void Remove(string path)
    {
        if (File.Exists(path) && IsOurs(path))
            File.Delete(path);
    }

    private static bool IsOurs(string path)
    {
        try
        {
            var origin = SoundFile.IsSoundFile(path) ? SoundFile.ReadProvenance(path) : Provenance.Read(path);
            return origin?.CreatorTool?.StartsWith("GanOnnx ", StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is ImageException or SoundException)
        {
            return false;
        }
    }
}
