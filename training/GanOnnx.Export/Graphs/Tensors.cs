using System.Buffers;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Editing;
using Google.Protobuf;
using TorchSharp;
using static TorchSharp.torch;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Export.Graphs;

/// <summary>TorchSharp's tensors as ONNX's.</summary>
internal static class Tensors
{
    /// <summary>A tensor with its values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="shared">Whether its memory may be read later instead of copied: a module's own, which outlives the export.</param>
    public static TensorProto ToProto(string name, Tensor tensor, bool shared = false)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (tensor.numel() * tensor.ElementSize > int.MaxValue)
            throw new ExportException($"'{name}' has {tensor.numel() * tensor.ElementSize} bytes; one tensor of at most 2 GB can be "
                + "exported. Split it over two layers.");
        return Constants.Of(name, TypeOf(tensor.dtype, name), tensor.shape, shared && tensor.is_contiguous()
            ? UnsafeByteOperations.UnsafeWrap(new TensorMemory(tensor).Memory)
            : ByteString.CopyFrom(tensor.detach().contiguous().bytes));
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

    /// <summary>A tensor's memory, for whoever reads it while the tensor lives.</summary>
    private sealed class TensorMemory(Tensor tensor) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => tensor.bytes;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("Only its span is read.");

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
