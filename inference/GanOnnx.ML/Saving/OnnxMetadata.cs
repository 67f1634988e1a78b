using System.Text;

namespace GanOnnx.ML.Saving;

/// <summary>Adds to a serialized model's <c>metadata_props</c>.</summary>
internal static class OnnxMetadata
{
    // onnx.proto: ModelProto.metadata_props is field 14; StringStringEntryProto has key 1 and value 2; all length-delimited.
    private const byte Properties = 14 << 3 | 2, Key = 1 << 3 | 2, Value = 2 << 3 | 2;

    /// <summary>The model with one more entry. A field may follow anywhere in protobuf's format, so it goes behind the rest.</summary>
    public static MemoryStream Append(byte[] model, string key, string value)
    {
        using var entry = new MemoryStream();
        Write(entry, Key, Encoding.UTF8.GetBytes(key));
        Write(entry, Value, Encoding.UTF8.GetBytes(value));

        var stream = new MemoryStream(model.Length + (int)entry.Length + 16);
        stream.Write(model);
        Write(stream, Properties, entry.ToArray());
        stream.Position = 0;
        return stream;
    }

    private static void Write(MemoryStream stream, byte tag, byte[] bytes)
    {
        stream.WriteByte(tag);
        var length = (uint)bytes.Length;
        for (; length >= 0x80; length >>= 7)
            stream.WriteByte((byte)(length | 0x80));
        stream.WriteByte((byte)length);
        stream.Write(bytes);
    }
}
