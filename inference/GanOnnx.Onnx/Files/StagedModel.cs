using GanOnnx.Shared;
using Google.Protobuf;

namespace GanOnnx.Onnx.Files;

/// <summary>
/// A model that is about to be written: it can be looked at, and then moved in, whole or not at all. What isn't moved in is
/// gone when this is disposed.
/// </summary>
internal sealed class StagedModel : IDisposable
{
    private readonly string _path;
    private readonly string? _folder, _data;

    private StagedModel(string path, byte[] content) => (_path, Content, Size) = (path, content, content.LongLength);

    private StagedModel(string path, string folder, ModelProto model)
    {
        (_path, _folder) = (path, folder);
        (StagedPath, _data) = (Path.Combine(folder, Path.GetFileName(path)), Path.Combine(folder, ExternalData.NameFor(model, path)));
        try
        {
            Directory.CreateDirectory(folder);
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

    /// <summary>The file, under its name but in another folder, where the weights are beside it.</summary>
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
        // A model finds its weights by their file's name, so the two are staged under their names, in a folder of a name that nobody has.
        return ExternalData.IsNeeded(model, externalDataThreshold)
            ? new StagedModel(path, Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetRandomFileName()}.tmp"), model)
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

    public void Dispose()
    {
        if (_folder is null || !Directory.Exists(_folder))
            return;
        File.Delete(StagedPath!);
        File.Delete(_data!);
        Directory.Delete(_folder); // not what anybody else put there
    }

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
