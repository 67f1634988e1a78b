using System.IO.Compression;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.ML.Saving;

/// <summary>A model taken out of a saved pipeline into a file of its own, which goes when it isn't needed any more.</summary>
internal sealed class ModelCopy : IDisposable
{
    private readonly FileStream _file;

    private ModelCopy(string path)
    {
        Path = path;
        // Deletes the file also where nobody disposes of this.
        _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.DeleteOnClose);
        Settings = Read(path);
    }

    public string Path { get; }

    /// <summary>How the column was made; null for a model that wasn't saved by this library.</summary>
    public SavedSettings? Settings { get; }

    public static ModelCopy Extract(ZipArchiveEntry entry)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ganonnx-{Guid.NewGuid():N}.onnx");
        using (var source = entry.Open())
        using (var file = new FileStream(path, FileMode.CreateNew))
        {
            // ML.NET writes the number of bytes before them, as an int32.
            source.ReadExactly(new byte[4]);
            source.CopyTo(file);
        }
        return new(path);
    }

    public void Dispose() => _file.Dispose();

    private static SavedSettings? Read(string path)
    {
        return ModelContent.Read(path, default).Metadata.TryGetValue(SavedSettings.Key, out var json) ? SavedSettings.FromJson(json) : null;
    }
}
