using Google.Protobuf;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Editing;

/// <summary>Makes constants, which a graph keeps as its initializers.</summary>
internal static class Constants
{
    /// <param name="name">The name.</param>
    /// <param name="type">What the bytes are.</param>
    /// <param name="shape">The shape; none is a scalar.</param>
    /// <param name="bytes">The values, little-endian, the last axis first; they are copied.</param>
    public static TensorProto Of(string name, DataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes) =>
        Of(name, type, shape, ByteString.CopyFrom(bytes));

    public static TensorProto Of(string name, DataType type, ReadOnlySpan<long> shape, ByteString bytes)
    {
        var constant = new TensorProto { Name = name, DataType = (int)type, RawData = bytes };
        foreach (var size in shape)
            constant.Dims.Add(size);
        return constant;
    }
}
