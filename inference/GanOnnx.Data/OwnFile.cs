using GanOnnx.Shared;

namespace GanOnnx.Data;

/// <summary>
/// A file that we write where people keep their own: it is replaced only if it carries our mark, whatever its name. A link
/// is a file of whoever made it.
/// </summary>
internal static class OwnFile
{
    /// <summary>Checks that a path is free or holds a file of ours.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isOurs">Whether the file there carries our mark.</param>
    /// <exception cref="IOException">Something else is there, or it can't be read.</exception>
    public static void Check(string path, Func<string, bool> isOurs)
    {
        if (!IsFreeOrOurs(path, isOurs))
            throw new IOException($"'{path}' isn't known to be of this program, so it isn't replaced. Move it away, or choose another "
                + "place.");
    }

    /// <summary>Writes a file whole or not at all, in the place of one of ours or of none.</summary>
    /// <param name="path">The path; its folder must be there, unless it is made.</param>
    /// <param name="isOurs">Whether the file there carries our mark.</param>
    /// <param name="write">Writes the contents, the mark among them.</param>
    /// <param name="makeFolder">Whether a missing folder is made. A run's isn't, where somebody removed it.</param>
    /// <exception cref="IOException">Something else is there.</exception>
    public static void Write(string path, Func<string, bool> isOurs, Action<Stream> write, bool makeFolder = false)
    {
        Check(path, isOurs);
        AtomicFile.Write(path, write, makeFolder: makeFolder);
    }

    private static bool IsFreeOrOurs(string path, Func<string, bool> isOurs)
    {
        try
        {
            var file = new FileInfo(path);
            var free = !file.Exists && file.LinkTarget is null && !Directory.Exists(path);
            return free || (file.LinkTarget is null && file.Exists && isOurs(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' can't be read: {e.Message}", e);
        }
    }
}
