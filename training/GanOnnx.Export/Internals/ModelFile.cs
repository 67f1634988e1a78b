using GanOnnx.Export.Onnx;
using Google.Protobuf;

namespace GanOnnx.Export.Internals;

/// <summary>Writes a model beside its place and moves it in, whole or not at all.</summary>
internal sealed class ModelFile(string path, ModelProto model)
{
    public long Size { get; private set; }

    public static void CheckPath(string path)
    {
        if (Directory.Exists(path))
            throw new ExportException($"'{path}' is a folder. Give the file to write.");
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(folder))
                throw new ExportException($"'{path}' can't be written: '{folder}' is a file, not a folder. Give another path.");
    }

    /// <summary>Writes the file once <paramref name="verify"/> has found no fault with its content.</summary>
    public T Write<T>(Func<byte[], T> verify)
    {
        var bytes = model.ToByteArray();
        var verified = verify(bytes);
        var temporary = path + ".tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new ExportException($"'{path}' can't be written: {e.Message}", e);
        }
        Size = bytes.LongLength;
        return verified;
    }
}
