using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Files;

namespace GanOnnx.Export;

/// <summary>Writes a model once it is verified, whole or not at all.</summary>
internal static class ModelFile
{
    public static void CheckPath(string path)
    {
        if (Directory.Exists(path))
            throw new ExportException($"'{path}' is a folder. Give the file to write.");
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(folder))
                throw new ExportException($"'{path}' can't be written: '{folder}' is a file, not a folder. Give another path.");
    }

    /// <summary>Writes the file, and the one beside it for large weights, once <paramref name="verify"/> has found no fault with their
    /// content.</summary>
    /// <returns>What it found, and the bytes of both files.</returns>
    public static (T Verified, long Size) Write<T>(ModelProto model, string path, long externalDataThreshold, Func<LoadedModel, T> verify)
    {
        LoadedModel.Check(model);
        try
        {
            using var staged = StagedModel.Create(model, path, externalDataThreshold);
            var verified = Verified(staged, verify);
            staged.MoveIn();
            return (verified, staged.Size);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"'{path}' can't be written: {e.Message}", e);
        }
    }

    private static T Verified<T>(StagedModel staged, Func<LoadedModel, T> verify)
    {
        using var loaded = staged.StagedPath is { } file ? LoadedModel.FromFile(file) : LoadedModel.From(staged.Content!);
        return verify(loaded);
    }
}
