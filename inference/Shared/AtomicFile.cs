namespace GanOnnx.Shared;

/// <summary>Writes a file beside its place and moves it in, so that nobody ever sees half of it.</summary>
/// <remarks>
/// Compiled into GanOnnx.Onnx and GanOnnx.Imaging: there is no library below both, and one for thirty lines would be a package
/// more for whoever uses either. GanOnnx.Export and GanOnnx.Training reach it through them.
/// </remarks>
internal static class AtomicFile
{
    // Durable waits until it is on disk: then even a crash of the machine leaves the old file or the new one whole.
    public static void Write(string path, Action<Stream> write, bool durable = false)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        // The name starts with a dot and keeps no image extension: folder listings and training skip what a crash leaves.
        var temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                write(stream);
                stream.Flush(flushToDisk: durable);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
