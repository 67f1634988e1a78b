using GanOnnx.Shared;
using Google.Protobuf;

namespace GanOnnx.Onnx.Files;

/// <summary>
/// A model that is about to be written: it can be looked at, and then moved in, whole or not at all. What isn't moved in is
/// gone when this is disposed.
/// </summary>
internal sealed class StagedModel : IDisposable
{
    private const string StagedName = "model.onnx";

    private readonly string _path;
    private readonly ScratchFolder? _folder;
    private readonly string? _data;

    private StagedModel(string path, byte[] content) => (_path, Content, Size) = (path, content, content.LongLength);

    // A model finds its weights by their file's name, so those are staged under it, and both in a folder of their own.
    private StagedModel(string path, ModelProto model)
    {
        _path = path;
        var (folder, data) = (Path.GetDirectoryName(path)!, ExternalData.NameFor(model, path));
        Directory.CreateDirectory(folder);
        _folder = new ScratchFolder(folder, StagedName, data);
        (StagedPath, _data) = (Path.Combine(_folder.Path, StagedName), Path.Combine(_folder.Path, data));
        try
        {
            ExternalData.Write(model, StagedPath, _data);
            Size = new FileInfo(StagedPath).Length + new FileInfo(_data).Length;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file's content, where the weights are in it.</summary>
    public byte[]? Content { get; }

    /// <summary>The file, in a folder of its own, where the weights are beside it.</summary>
    public string? StagedPath { get; }

    /// <summary>The bytes of the file, and of the weights beside it.</summary>
    public long Size { get; }

    /// <param name="model">The model, with its weights.</param>
    /// <param name="path">Where it is to be.</param>
    /// <param name="externalDataThreshold">The bytes of all weights above which they go into a second file.</param>
    /// <exception cref="IOException">There is no place for the files.</exception>
    public static StagedModel Create(ModelProto model, string path, long externalDataThreshold)
    {
        path = Path.GetFullPath(path);
        return ExternalData.IsNeeded(model, externalDataThreshold) ? new StagedModel(path, model)
            : new StagedModel(path, model.ToByteArray());
    }

    /// <summary>Puts the model in its place. At every moment there is the older model with its weights, or the new one with its
    /// own.</summary>
    /// <exception cref="IOException">It can't be put there; what was there stays.</exception>
    public void MoveIn()
    {
        var older = OlderData.Of(_path);
        if (StagedPath is null)
            AtomicFile.Write(_path, stream => stream.Write(Content), durable: true);
        else
            MoveInBoth(StagedPath, _data!);
        older.RemoveUnlessNamed();
    }

    public void Dispose() => _folder?.Dispose();

    private void MoveInBoth(string file, string data)
    {
        var place = Path.Combine(Path.GetDirectoryName(_path)!, Path.GetFileName(data));
        var isThere = File.Exists(place);
        if (isThere && !ExternalData.IsWhole(_path, place))
            throw new IOException($"'{place}' is there, and its content isn't what its name says. Move it away.");
        if (!isThere)
            File.Move(data, place);
        try
        {
            File.Move(file, _path, overwrite: true);
        }
        catch
        {
            if (!isThere)
                File.Delete(place);
            throw;
        }
    }
}
