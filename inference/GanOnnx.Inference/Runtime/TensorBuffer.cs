using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Runtime;

/// <summary>What a run needs to know of an input or output: its name, type, and the shape of one row, <c>[N]</c> left out.</summary>
internal sealed record TensorSpec(string Name, TensorElementType Type, long[] Row)
{
    public int RowLength => checked((int)Row.Aggregate(1L, (product, length) => product * length));

    public int RowBytes => checked(RowLength * Type switch { TensorElementType.Int64 => 8, TensorElementType.Float => 4, _ => 1 });

    public long[] Shape(int rows) => [rows, .. Row];
}

/// <summary>
/// Memory for an input or output that ONNX Runtime reads or writes in place, kept from run to run; pinned where a GPU copies
/// from it. It begins as zeros, so that rows nobody filled are inputs the model accepts.
/// </summary>
internal sealed class TensorBuffer : IDisposable
{
    private readonly OrtMemoryAllocation _memory;
    private readonly OrtValue _all;

    public TensorBuffer(TensorSpec spec, int rows, OrtAllocator allocator)
    {
        Spec = spec;
        var bytes = checked((uint)(rows * spec.RowBytes));
        _memory = allocator.Allocate(bytes);
        _all = OrtValue.CreateTensorValueWithData(_memory.Info, spec.Type, spec.Shape(rows), _memory.DangerousGetHandle(), bytes);
        _all.GetTensorMutableRawData().Clear();
    }

    public TensorSpec Spec { get; }

    public Span<byte> Bytes(int row, int count) => _all.GetTensorMutableRawData().Slice(row * Spec.RowBytes, count * Spec.RowBytes);

    public Span<T> Values<T>(int row, int count) where T : unmanaged =>
        _all.GetTensorMutableDataAsSpan<T>().Slice(row * Spec.RowLength, count * Spec.RowLength);

    public void BindInput(OrtIoBinding binding, int rows) => binding.BindInput(Spec.Name, Spec.Type, Spec.Shape(rows), _memory);

    public void BindOutput(OrtIoBinding binding, int rows) => binding.BindOutput(Spec.Name, Spec.Type, Spec.Shape(rows), _memory);

    public void Dispose()
    {
        _all.Dispose();
        _memory.Dispose();
    }
}
