using GanOnnx.Onnx.Editing;
using Google.Protobuf;

namespace GanOnnx.Onnx.Files;

/// <summary>Reads ONNX files, which may be anybody's.</summary>
internal static class ModelReader
{
    // What protobuf itself can hold.
    private const long LargestFile = int.MaxValue;

    // Of messages within messages. An If within an If takes four; protobuf's own limit is the same.
    private const int DeepestNesting = 100;

    /// <summary>Reads a file with its weights, those beside it too.</summary>
    /// <exception cref="OnnxFileException">It is damaged, or its weights aren't where it says.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ModelProto Read(string path)
    {
        var model = Parse(path);
        foreach (var tensor in model.Tensors().Where(ExternalReference.IsExternal))
            ExternalReference.Of(path, tensor).ReadInto(tensor);
        return model;
    }

    /// <summary>Who wrote a file, by what stands before its graph; null where that isn't said, or no ONNX file is there.</summary>
    public static string? ProducerOf(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var input = CodedInputStream.CreateWithLimits(stream, (int)LargestFile, DeepestNesting);
            for (uint tag; (tag = input.ReadTag()) != 0 && WireFormat.GetTagFieldNumber(tag) != ModelProto.GraphFieldNumber;)
            {
                if (tag == WireFormat.MakeTag(ModelProto.ProducerNameFieldNumber, WireFormat.WireType.LengthDelimited))
                    return input.ReadString();
                input.SkipLastField();
            }
            return null;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a file without the weights beside it.</summary>
    /// <exception cref="OnnxFileException">It is damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ModelProto Parse(string path)
    {
        var file = new FileInfo(RealPath.Of(path));
        if (Directory.Exists(path))
            throw new OnnxFileException($"'{path}' is a folder. Give the .onnx file in it.");
        if (file.Exists && file.Length is 0 or > LargestFile)
            throw new OnnxFileException($"'{path}' has {file.Length} bytes; an ONNX file has 1 to {LargestFile}, and larger weights "
                + "beside it. Copy it again.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Parse(stream, path);
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static ModelProto Parse(Stream stream, string path)
    {
        ModelProto model;
        try
        {
            using var input = CodedInputStream.CreateWithLimits(stream, (int)LargestFile, DeepestNesting);
            model = ModelProto.Parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxFileException($"'{path}' is no ONNX file, or a damaged one: {e.Message} Copy it again.", e);
        }
        return model.Graph is null ? throw new OnnxFileException($"'{path}' is no ONNX file: it has no graph. Give an .onnx file.") : model;
    }
}
