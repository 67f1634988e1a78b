using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Google.Protobuf;

namespace GanOnnx.Onnx.Files;

/// <summary>Writes a model's large weights into a second file beside it, as ONNX's external data.</summary>
internal static class ExternalData
{
    // A page: ONNX Runtime maps what is aligned so into memory instead of copying it.
    private const int Alignment = 4096;
    private const int HashDigits = 16;

    /// <summary>Whether a model's weights have more bytes than that.</summary>
    public static bool IsNeeded(ModelProto model, long threshold) => model.Graph.Initializer.Sum(i => (long)i.RawData.Length) > threshold;

    /// <summary>
    /// What the second file of a model is called, after its contents: data that an older model names are never replaced by
    /// others, so no moment of an export has a model beside another one's data.
    /// </summary>
    /// <param name="model">The model, with its weights.</param>
    /// <param name="path">The model's file.</param>
    public static string NameFor(ModelProto model, string path)
    {
        using var hash = SHA256.Create();
        using (var content = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            WriteData(MovedOut(model), content);
        return Name(path, hash.Hash!);
    }

    /// <summary>Whether a file has the contents that its name says.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="data">The second file.</param>
    public static bool IsWhole(string path, string data)
    {
        using var content = File.OpenRead(data);
        return Path.GetFileName(data) == Name(path, SHA256.HashData(content));
    }

    /// <summary>Whether we might have given a second file that name: as now, or as before version 0.2.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="name">The second file's name.</param>
    public static bool IsOurName(string path, string name) =>
        name == $"{Path.GetFileName(path)}.data"
        || Regex.IsMatch(name, $"^{Regex.Escape(Path.GetFileNameWithoutExtension(path))}-[0-9a-f]{{{HashDigits}}}\\.data\\z");

    /// <summary>Writes both files. Weights smaller than a page stay in the first one.</summary>
    public static void Write(ModelProto model, string path, string dataPath)
    {
        var skeleton = model.Clone(); // the bytes of the weights are shared, not copied
        var weights = MovedOut(skeleton).ToList();
        using (var data = new FileStream(dataPath, FileMode.CreateNew))
        {
            WriteData(weights, data);
            data.Flush(flushToDisk: true);
        }
        long end = 0;
        foreach (var weight in weights)
        {
            var offset = Aligned(end);
            end = offset + weight.RawData.Length;
            Describe(weight, "location", Path.GetFileName(dataPath));
            Describe(weight, "offset", $"{offset}");
            Describe(weight, "length", $"{weight.RawData.Length}");
            weight.DataLocation = TensorProto.Types.DataLocation.External;
            weight.ClearRawData();
        }
        using var file = new FileStream(path, FileMode.CreateNew);
        skeleton.WriteTo(file);
        file.Flush(flushToDisk: true);
    }

    private static IEnumerable<TensorProto> MovedOut(ModelProto model) => model.Graph.Initializer.Where(i => i.RawData.Length >= Alignment);

    private static void WriteData(IEnumerable<TensorProto> weights, Stream data)
    {
        long end = 0;
        foreach (var weight in weights)
        {
            data.Write(new byte[Aligned(end) - end]);
            data.Write(weight.RawData.Span);
            end = Aligned(end) + weight.RawData.Length;
        }
    }

    private static long Aligned(long position) => (position + Alignment - 1) / Alignment * Alignment;

    private static void Describe(TensorProto weight, string key, string value) =>
        weight.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });

    private static string Name(string path, byte[] hash) =>
        $"{Path.GetFileNameWithoutExtension(path)}-{Convert.ToHexStringLower(hash)[..HashDigits]}.data";
}
