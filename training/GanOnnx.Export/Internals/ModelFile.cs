using GanOnnx.Export.Onnx;
using Google.Protobuf;

namespace GanOnnx.Export.Internals;

/// <summary>Writes a model beside its place and moves it in, whole or not at all; large weights go into a second file.</summary>
internal sealed class ModelFile(string path, ModelProto model, long externalDataThreshold)
{
    private readonly string _temporary = path + ".tmp";

    private string DataPath => path + ExternalData.Extension;

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
    public T Write<T>(Func<LoadedModel, T> verify)
    {
        try
        {
            return ExternalData.IsNeeded(model, externalDataThreshold) ? WriteTwo(verify) : WriteOne(verify);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"'{path}' can't be written: {e.Message}", e);
        }
    }

    private T WriteOne<T>(Func<LoadedModel, T> verify)
    {
        var bytes = model.ToByteArray();
        var verified = Verified(() => LoadedModel.From(bytes), verify);
        try
        {
            CreateFolder();
            File.WriteAllBytes(_temporary, bytes);
            File.Move(_temporary, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(_temporary))
                File.Delete(_temporary);
        }
        Size = bytes.LongLength;
        return verified;
    }

    // The second file is found by its name, so both are written into a folder under their names, and verified there.
    private T WriteTwo<T>(Func<LoadedModel, T> verify)
    {
        CreateFolder();
        Directory.CreateDirectory(_temporary);
        var (file, data) = (Path.Combine(_temporary, Path.GetFileName(path)), Path.Combine(_temporary, Path.GetFileName(DataPath)));
        try
        {
            ExternalData.Write(model, file, data);
            var verified = Verified(() => LoadedModel.FromFile(file), verify);
            Size = new FileInfo(file).Length + new FileInfo(data).Length;
            MoveIn(file, data);
            return verified;
        }
        finally
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    // A model whose data are another one's is broken: where the model can't be moved in, the older data come back.
    private void MoveIn(string file, string data)
    {
        var older = data + ".old";
        if (File.Exists(DataPath))
            File.Move(DataPath, older);
        try
        {
            File.Move(data, DataPath);
            File.Move(file, path, overwrite: true);
        }
        catch
        {
            File.Delete(DataPath);
            if (File.Exists(older))
                File.Move(older, DataPath);
            throw;
        }
    }

    private static T Verified<T>(Func<LoadedModel> load, Func<LoadedModel, T> verify)
    {
        using var loaded = load();
        return verify(loaded);
    }

    private void CreateFolder() => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
}
