using GanOnnx.Onnx.Files;

namespace GanOnnx.Inference.Runtime;

/// <summary>Finds the file, and says what is wrong with one that ONNX Runtime refuses.</summary>
internal static class ModelFile
{
    // A model starts with field 1, ir_version: protobuf writers put fields in the order of their numbers.
    private const byte FirstByte = 0x08;

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

    private static string CheckLength(string path)
    {
        try
        {
            // A pipe has no length, and opening it would wait for who writes into it.
            if (new FileInfo(RealPath.Of(path)).Length == 0)
                throw Errors.EmptyFile(path);
            using var file = File.OpenRead(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.Unreadable(path, e);
        }
    }
}
