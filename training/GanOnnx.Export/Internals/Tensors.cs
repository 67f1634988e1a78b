using GanOnnx.Export.Onnx;
using Google.Protobuf;
using TorchSharp;
using static TorchSharp.torch;
using DataType = GanOnnx.Export.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Export.Internals;

/// <summary>TorchSharp's tensors as ONNX's.</summary>
internal static class Tensors
{
    public static TensorProto ToProto(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (tensor.numel() * tensor.ElementSize > int.MaxValue)
            throw new ExportException($"'{name}' has {tensor.numel() * tensor.ElementSize} bytes; one tensor of at most 2 GB can be exported. Split it over two layers.");
        return ToProto(name, TypeOf(tensor.dtype, name), tensor.shape, tensor.detach().contiguous().bytes);
    }

    public static TensorProto ToProto(string name, DataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes)
    {
        var proto = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        foreach (var size in shape)
            proto.Dims.Add(size);
        return proto;
    }

    public static DataType TypeOf(ScalarType type, string name) => type switch
    {
        ScalarType.Float32 => DataType.Float,
        ScalarType.Float64 => DataType.Double,
        ScalarType.Float16 => DataType.Float16,
        ScalarType.Int64 => DataType.Int64,
        ScalarType.Int32 => DataType.Int32,
        ScalarType.Byte => DataType.Uint8,
        ScalarType.Bool => DataType.Bool,
        _ => throw new ExportException($"'{name}' has the type {type}; float, integer and bool tensors can be exported."),
    };
}
