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
    public static void Check(IEnumerable<string> paths) =>
        OutputPath.CheckReplaceable(paths, SaysSo, "folder");

    /// <summary>The same for a file that is named, whose folder may be missing.</summary>
    /// <exception cref="UsageException">Something is in its place, or a folder is missing at the top of the disk.</exception>
    public static void CheckOne(string path)
    {
        OutputPath.CheckFile(path);
        OutputPath.CheckReplaceable([path], SaysSo, "name");
    }

    /// <summary>Removes a file that isn't wanted any more, if it is there and ours.</summary>
    public static void Remove(string path)
    {
        if (OutputPath.IsOurs(path, SaysSo))
            File.Delete(path);
    }

    private static bool SaysSo(string path)
    {
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
