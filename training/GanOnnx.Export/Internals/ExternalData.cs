using GanOnnx.Export.Onnx;
using Google.Protobuf;

namespace GanOnnx.Export.Internals;

/// <summary>Writes a model's large weights into a second file beside it, as ONNX's external data.</summary>
internal static class ExternalData
{
    /// <summary>What the second file's name has after the first one's.</summary>
    public const string Extension = ".data";

    // A page: ONNX Runtime maps what is aligned so into memory instead of copying it.
    private const int Alignment = 4096;

    /// <summary>Whether a model's weights have more bytes than that.</summary>
    public static bool IsNeeded(ModelProto model, long threshold) => model.Graph.Initializer.Sum(i => (long)i.RawData.Length) > threshold;

    /// <summary>Writes both files. Weights smaller than a page stay in the first one.</summary>
    public static void Write(ModelProto model, string path, string dataPath)
    {
        var skeleton = model.Clone(); // the bytes of the weights are shared, not copied
        using (var data = File.Create(dataPath))
            foreach (var weight in skeleton.Graph.Initializer.Where(i => i.RawData.Length >= Alignment))
                MoveOut(weight, data, Path.GetFileName(dataPath));
        using var file = File.Create(path);
        skeleton.WriteTo(file);
    }

    private static void MoveOut(TensorProto weight, FileStream data, string location)
    {
        data.Write(new byte[(Alignment - data.Position % Alignment) % Alignment]);
        Describe(weight, "location", location);
        Describe(weight, "offset", $"{data.Position}");
        Describe(weight, "length", $"{weight.RawData.Length}");
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        data.Write(weight.RawData.Span);
        weight.ClearRawData();
    }

    private static void Describe(TensorProto weight, string key, string value) =>
        weight.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
}
