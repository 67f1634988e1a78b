using GanOnnx.Onnx.Files;

namespace GanOnnx.Onnx.Checking;

/// <summary>Whether a constant's shape can be, and whether it has the bytes for it, in the file or beside it.</summary>
internal static class Weights
{
    public static IEnumerable<string> Check(TensorProto tensor, string path)
    {
        if (tensor.Dims.Any(size => size < 0))
            return [$"The weight {Shown.Text(tensor.Name)} has an axis of {tensor.Dims.Min()} values; 0 or more are needed."];
        if (TensorSize.Count(tensor.Dims) is null)
            return [$"The weight {Shown.Text(tensor.Name)} has [{string.Join(", ", tensor.Dims)}], which is more values than "
                + "can be counted."];
        if (ExternalReference.IsExternal(tensor))
            return External(tensor, path);
        return tensor.HasRawData && TensorSize.Of(tensor) is { } needed && needed != tensor.RawData.Length
            ? [$"The weight {Shown.Text(tensor.Name)} has {tensor.RawData.Length} bytes, but its shape needs {needed}."]
            : [];
    }

    private static IEnumerable<string> External(TensorProto tensor, string path)
    {
        try
        {
            ExternalReference.Of(path, tensor);
            return [];
        }
        catch (Exception e) when (e is OnnxFileException or IOException or UnauthorizedAccessException)
        {
            return [e.Message];
        }
    }
}
