namespace GanOnnx.ML.Internals;

/// <summary>Finds a model file as <see cref="Inference.ImageGenerator"/> does.</summary>
internal static class ModelPath
{
    public static string Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            full = Path.Combine(full, "model.onnx");
        if (!File.Exists(full))
            throw Errors.NoFile(path);
        return new FileInfo(full).Length > 0 ? full : throw Errors.EmptyFile(full);
    }
}
