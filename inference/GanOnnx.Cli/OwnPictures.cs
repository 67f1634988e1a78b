using GanOnnx.CommandLine;
using GanOnnx.Imaging;

namespace GanOnnx.Cli;

/// <summary>Pictures in a folder get names of ours, not the user's: one that is there is replaced only if it says that it is ours.</summary>
internal static class OwnPictures
{
    /// <summary>Checks that each path is free or holds a picture of gan's.</summary>
    /// <exception cref="UsageException">Something else is there.</exception>
    public static void Check(IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault(path => (File.Exists(path) || Directory.Exists(path)) && !IsOne(path)) is { } other)
            throw new UsageException($"'{other}' is there and doesn't say that gan made it, so it isn't replaced. Move it away, or give "
                + "another folder.");
    }

    private static bool IsOne(string path)
    {
        try
        {
            return Provenance.Read(path)?.CreatorTool?.StartsWith("GanOnnx ", StringComparison.Ordinal) == true;
        }
        catch (ImageException)
        {
            return false;
        }
    }
}
