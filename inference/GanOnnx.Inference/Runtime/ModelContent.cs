using System.Security.Cryptography;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Checking;
using GanOnnx.Onnx.Editing;
using GanOnnx.Onnx.Files;
using Google.Protobuf;

namespace GanOnnx.Inference.Runtime;

/// <summary>
/// A model's file as it was read: once, so that what is checked, what is loaded and what provenance names are the same bytes, whatever
/// happens to the file meanwhile.
/// </summary>
internal sealed class ModelContent
{
    private const int BlockBytes = 1 << 20;

    // Copies of the weights that are no matter of memory.
    private const long MostHeld = 256 << 20;

    private readonly IReadOnlyList<(string Path, long Length, DateTime Written)> _data;

    private ModelContent(string path, byte[] bytes, ModelProto model, CancellationToken stop)
    {
        (Path, Bytes, Model) = (path, bytes, model);
        Findings = ModelChecks.Dangers(model, path);
        // What is refused may name any file.
        _data = Findings.Count > 0 ? [] : [.. DataFiles(path, model).Select(Stamp)];
        FileSize = bytes.LongLength;
        Sha256 = Hash(bytes, _data.Select(file => file.Path), stop);
    }

    public string Path { get; }

    public byte[] Bytes { get; }

    /// <summary>What the bytes say, without the weights beside the file.</summary>
    public ModelProto Model { get; }

    /// <summary>What a runtime would stumble over, a sentence each.</summary>
    public IReadOnlyList<string> Findings { get; }

    public long FileSize { get; }

    /// <summary>What it computes in, see <see cref="GraphPrecision"/>.</summary>
    public string Precision => GraphPrecision.Of(Model);

    /// <summary>Of the file's bytes, followed by those of the files with its weights, if there are any, in the order of their
    /// names.</summary>
    public string Sha256 { get; }

    /// <summary>Whether weights lie in other files, where ONNX Runtime reads them itself.</summary>
    public bool IsAlone => _data.Count == 0;

    /// <summary>The folder of the other files.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The file's <c>metadata_props</c>.</summary>
    public Dictionary<string, string> Metadata => Model.MetadataProps.GroupBy(entry => entry.Key, StringComparer.Ordinal)
        .ToDictionary(entry => entry.Key, entry => entry.Last().Value, StringComparer.Ordinal);

    /// <summary>Reads a file, which may be anybody's.</summary>
    /// <exception cref="ModelException">It can't be read, or is no ONNX file.</exception>
    public static ModelContent Read(string path, CancellationToken stop)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            stop.ThrowIfCancellationRequested();
            using var stream = new MemoryStream(bytes, writable: false);
            return new(path, bytes, ModelReader.Parse(stream, path), stop);
        }
        catch (OnnxFileException e)
        {
            throw ModelFile.Unparsable(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.Unreadable(path, e);
        }
    }

    /// <summary>A model that isn't a file of its own.</summary>
    /// <param name="bytes">What a file would hold.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="ModelException">It is no ONNX file.</exception>
    public static ModelContent Of(byte[] bytes, string path)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            return new(path, bytes, ModelReader.Parse(stream, path), default);
        }
        catch (OnnxFileException e)
        {
            throw Errors.NotOnnx(path, e);
        }
    }

    /// <summary>A model that was changed in memory after it was read.</summary>
    public static ModelContent Of(string path, ModelProto model, CancellationToken stop) => new(path, model.ToByteArray(), model, stop);

    /// <summary>Refuses what a runtime would stumble over.</summary>
    /// <exception cref="ModelException">There is something.</exception>
    public ModelContent Checked() => Findings.Count == 0 ? this : throw Errors.Refused(Path, Findings);

    /// <summary>Whether the bytes may be held for that many sessions.</summary>
    public bool IsSmall(int copies) => IsAlone && FileSize * copies <= MostHeld;

    /// <summary>The same model once more; null if the file has another by now.</summary>
    public static ModelContent? Again(string path, string sha256)
    {
        try
        {
            return Read(path, default) is var content && content.Sha256 == sha256 ? content : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>Makes sure, once the model is loaded, that the files beside it are those that were hashed.</summary>
    /// <exception cref="ModelException">One was written meanwhile.</exception>
    public void CheckUnchanged()
    {
        if (_data.Any(file => Stamp(file.Path) != file))
            throw Errors.ChangedMeanwhile(Path);
    }

    private static IEnumerable<string> DataFiles(string path, ModelProto model) =>
        model.Tensors().Where(ExternalReference.IsExternal).Select(tensor => ExternalReference.Of(path, tensor).Path)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static (string, long, DateTime) Stamp(string path)
    {
        var file = new FileInfo(RealPath.Of(path));
        return file.Exists ? (path, file.Length, file.LastWriteTimeUtc) : (path, -1, default);
    }

    private static string Hash(byte[] bytes, IEnumerable<string> files, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        var block = new byte[BlockBytes];
        foreach (var path in files)
        {
            using var file = File.OpenRead(path);
            while (file.Read(block) is > 0 and var read)
            {
                stop.ThrowIfCancellationRequested();
                hash.AppendData(block, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
