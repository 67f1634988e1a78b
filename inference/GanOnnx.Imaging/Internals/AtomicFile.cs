namespace GanOnnx.Imaging.Internals;

/// <summary>Writes a file beside its place and moves it in, so that nobody ever sees half of it.</summary>
internal static class AtomicFile
{
    public static void Write(string path, Action<Stream> write)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        // The name starts with a dot and keeps no image extension: folder listings and training skip what a crash leaves.
        var temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
                write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
