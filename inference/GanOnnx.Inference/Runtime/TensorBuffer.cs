using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Runtime;

/// <summary>What a run needs to know of an input or output: its name, type, and the shape of one row, <c>[N]</c> left out.</summary>
internal sealed record TensorSpec(string Name, TensorElementType Type, long[] Row)
{
    /// <summary>Whether it has no axis for rows: one value for the whole run.</summary>
    public bool IsShared { get; init; }

    /// <summary>One number for each image, <c>[N]</c> or <c>[N, 1]</c>, or for all of them, <c>[]</c> or <c>[1]</c>.</summary>
    public static TensorSpec OfNumber(TensorDescription tensor)
    {
        var isShared = tensor.Axes is [] or [{ Length: 1 }];
        return new(tensor.Name, tensor.ElementType()!.Value, [.. tensor.Axes.Skip(isShared ? 0 : 1).Select(_ => 1L)])
        {
            IsShared = isShared,
        };
    }

    public int RowLength => checked((int)Row.Aggregate(1L, (product, length) => product * length));

    public int RowBytes => checked(RowLength * Type switch
    {
        TensorElementType.Int64 => 8,
        TensorElementType.Float or TensorElementType.Int32 => 4,
        TensorElementType.Float16 => 2,
        _ => 1,
    });

    public long[] Shape(int rows) => IsShared ? Row : [rows, .. Row];
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
        var bytes = checked((uint)((spec.IsShared ? 1 : rows) * spec.RowBytes));
        _memory = allocator.Allocate(bytes);
        _all = OrtValue.CreateTensorValueWithData(_memory.Info, spec.Type, spec.Shape(rows), _memory.DangerousGetHandle(), bytes);
        _all.GetTensorMutableRawData().Clear();
    }

    public TensorSpec Spec { get; }

    /// <summary>All rows.</summary>
    public OrtValue All => _all;

    public Span<byte> Bytes(int row, int count) => _all.GetTensorMutableRawData().Slice(row * Spec.RowBytes, count * Spec.RowBytes);

    public Span<T> Values<T>(int row, int count) where T : unmanaged =>
        _all.GetTensorMutableDataAsSpan<T>().Slice(row * Spec.RowLength, count * Spec.RowLength);

    /// <summary>Puts a row's values in; numbers of half the precision get the nearest ones.</summary>
    public void Put(int row, ReadOnlySpan<float> values)
    {
        if (Spec.Type == TensorElementType.Float)
        {
            values.CopyTo(Values<float>(row, 1));
            return;
        }

        var halves = MemoryMarshal.Cast<byte, Half>(Bytes(row, 1));
        for (var i = 0; i < values.Length; i++)
            halves[i] = (Half)values[i];
    }

    /// <summary>Puts one value of a row in, in the tensor's own type.</summary>
    public void Put(int row, int place, double value)
    {
        var bytes = Bytes(Spec.IsShared ? 0 : row, 1);
        switch (Spec.Type)
        {
            case TensorElementType.Int64: MemoryMarshal.Cast<byte, long>(bytes)[place] = (long)value; break;
            case TensorElementType.Int32: MemoryMarshal.Cast<byte, int>(bytes)[place] = (int)value; break;
            case TensorElementType.Float16: MemoryMarshal.Cast<byte, Half>(bytes)[place] = (Half)value; break;
            default: MemoryMarshal.Cast<byte, float>(bytes)[place] = (float)value; break;
        }
    }

    public void BindInput(OrtIoBinding binding, int rows) => binding.BindInput(Spec.Name, Spec.Type, Spec.Shape(rows), _memory);

    public void BindOutput(OrtIoBinding binding, int rows) => binding.BindOutput(Spec.Name, Spec.Type, Spec.Shape(rows), _memory);

    public void Dispose()
    {
        _all.Dispose();
        _memory.Dispose();
    }
}
