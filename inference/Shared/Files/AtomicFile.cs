namespace GanOnnx.Shared;

/// <summary>Writes a file beside its place and moves it in, so that nobody ever sees half of it.</summary>
/// <remarks>
/// This folder is compiled into GanOnnx.Onnx, GanOnnx.Imaging and GanOnnx.ML: there is no library below them, and one for this little
/// would be a package more for whoever uses one. GanOnnx.Export and GanOnnx.Training reach it through them.
/// </remarks>
internal static class AtomicFile
{
    // Who writes into a folder for long doesn't make it anew where it was removed meanwhile.
    // Durable waits until it is on disk: then even a crash of the machine leaves the old file or the new one whole.
    public static void Write(string path, Action<Stream> write, bool durable = false, bool makeFolder = true)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        if (makeFolder)
            Directory.CreateDirectory(folder);
        Temporary.CleanOnce(folder);
        // Open until it is in its place: by that others know that its writer lives.
        using var stream = Temporary.Create(folder, out var temporary);
        try
        {
            write(stream);
            stream.Flush(flushToDisk: durable);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Temporary.TryDelete(temporary);
            throw;
        }
    }
}
