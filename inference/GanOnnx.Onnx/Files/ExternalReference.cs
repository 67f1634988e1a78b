using System.Globalization;
using GanOnnx.Onnx.Checking;
using Google.Protobuf;

namespace GanOnnx.Onnx.Files;

/// <summary>Where a weight lies outside the model's file: bytes of a file in the model's folder, or below it.</summary>
/// <remarks>The format: https://onnx.ai/onnx/repo-docs/ExternalData.html.</remarks>
internal sealed class ExternalReference
{
    private readonly long _offset, _length;

    private ExternalReference(string path, long offset, long length) => (Path, _offset, _length) = (path, offset, length);

    /// <summary>The file.</summary>
    public string Path { get; }

    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    /// <summary>The file that a weight names; null for one that lies in the model's file.</summary>
    public static string? LocationOf(TensorProto tensor) => Value(tensor, "location");

    /// <summary>Where the bytes of a weight are.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="tensor">The weight.</param>
    /// <exception cref="OnnxFileException">They aren't there, lie elsewhere, or are more or less than the weight's shape needs.</exception>
    public static ExternalReference Of(string model, TensorProto tensor)
    {
        var who = $"'{model}' keeps the weight {Shown.Text(tensor.Name)}";
        var location = LocationOf(tensor);
        if (string.IsNullOrEmpty(location))
            throw new OnnxFileException($"{who} in another file and doesn't say in which. Export it again.");
        var path = Inside(model, location)
            ?? throw new OnnxFileException(
                $"{who} in {Shown.Text(location)}, which isn't in the model's folder. Export it again, or don't use it.");
        var file = new FileInfo(RealPath.Of(path));
        if (!file.Exists)
            throw new OnnxFileException($"{who} in '{path}', which isn't there. Copy it, too.");
        var (offset, length) = (Number(who, tensor, "offset") ?? 0, Number(who, tensor, "length"));
        if (offset > file.Length || length > file.Length - offset)
            throw new OnnxFileException($"{who} in bytes {offset} to {(decimal)offset + (length ?? 0)} of '{path}', which has "
                + $"{file.Length}. Copy it again.");
        var needed = TensorSize.Of(tensor);
        if (needed is { } bytes && bytes != (length ?? file.Length - offset))
            throw new OnnxFileException($"{who} in {length ?? file.Length - offset} bytes of '{path}', but its shape needs {bytes}. "
                + "Export it again.");
        return new ExternalReference(path, offset, length ?? file.Length - offset);
    }

    /// <summary>Reads the bytes into the weight, which is no longer external then.</summary>
    public void ReadInto(TensorProto tensor)
    {
        if (_length > Array.MaxLength)
            throw new OnnxFileException($"The weight {Shown.Text(tensor.Name)} has {_length} bytes in '{Path}'; at most "
                + $"{Array.MaxLength} can be read.");
        var bytes = new byte[_length];
        using (var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            stream.Position = _offset;
            stream.ReadExactly(bytes);
        }
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        tensor.ClearDataLocation();
        tensor.ExternalData.Clear();
    }

    /// <summary>A file of the model's folder, or below it; null for one elsewhere, by a path or by a link.</summary>
    private static string? Inside(string model, string location)
    {
        if (System.IO.Path.IsPathRooted(location) || location.Contains('\0') || location.Contains(':') || location.Split('/', '\\').Contains(".."))
            return null;
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(model))!;
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, location));
        // A cache may keep each file as a link to where all contents lie: then a model and its data are links to one folder.
        string[] folders = [RealPath.Of(folder), System.IO.Path.GetDirectoryName(RealPath.Of(model))!];
        var real = RealPath.Of(path);
        return folders.Any(f => real.StartsWith(System.IO.Path.TrimEndingDirectorySeparator(f) + System.IO.Path.DirectorySeparatorChar,
            StringComparison.Ordinal)) ? path : null;
    }

    private static long? Number(string who, TensorProto tensor, string key)
    {
        if (Value(tensor, key) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OnnxFileException(
                $"{who} in another file at the {key} {Shown.Text(text)}, which is no number of bytes. Export it again.");
    }

    private static string? Value(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;
}
