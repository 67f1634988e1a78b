namespace GanOnnx.Inference.Runtime;

/// <summary>Finds the file, and says what is wrong with one that ONNX Runtime refuses.</summary>
internal static class ModelFile
{
    // A model starts with field 1, ir_version: protobuf writers put fields in the order of their numbers.
    private const byte FirstByte = 0x08;

    private const long MostCopied = 256 << 20;

    public static string Find(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            var model = Path.Combine(full, "model.onnx");
            return File.Exists(model) ? CheckLength(model) : throw Errors.NoModelInFolder(path);
        }

        return File.Exists(full) ? CheckLength(full) : throw Errors.NoFile(path);
    }

    /// <summary>The file's name without its extension, or the folder's if it is <c>model.onnx</c>.</summary>
    public static string NameOf(string path) => Path.GetFileName(path) == "model.onnx"
        ? Path.GetFileName(Path.GetDirectoryName(path)) is { Length: > 0 } folder ? folder : "model"
        : Path.GetFileNameWithoutExtension(path);

    public static ModelException Unparsable(string path, Exception e)
    {
        Span<byte> start = stackalloc byte[16];
        using var file = File.OpenRead(path);
        start = start[..file.Read(start)];
        if (start.StartsWith("version https://"u8))
            return Errors.LfsPointer(path);

        return start is [FirstByte, ..] ? Errors.Truncated(path, file.Length, e) : Errors.NotOnnx(path, e);
    }

    /// <summary>Whether that many copies of the weights are no matter of memory. Weights in other files aren't taken for small.</summary>
    public static bool IsSmall(string path, int copies)
    {
        try
        {
            // An entry with this key names the other file; a graph without one may have the word all the same, which does no harm.
            return new FileInfo(path).Length * copies <= MostCopied && File.ReadAllBytes(path).AsSpan().IndexOf("location"u8) < 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string CheckLength(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length > 0 ? path : throw Errors.EmptyFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.Unreadable(path, e);
        }
    }
}
