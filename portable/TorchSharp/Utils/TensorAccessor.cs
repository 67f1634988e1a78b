using System.Collections;
using System.Runtime.InteropServices;

namespace TorchSharp.Utils;

/// <summary>A tensor's elements in row-major order.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (ElementType(tensor.dtype) != typeof(T))
            throw new ArgumentException($"{typeof(T).Name} is not compatible with {tensor.dtype}");
        _tensor = tensor.is_contiguous() ? tensor : tensor.contiguous();
    }

    public long Count => _tensor.NumberOfElements;

    public T this[params long[] indices]
    {
        get
        {
            long offset = 0;
            var shape = _tensor.shape;
            for (var i = 0; i < indices.Length; i++)
                offset = offset * (indices.Length == shape.Length ? shape[i] : 1) + indices[i];
            return MemoryMarshal.Cast<byte, T>(_tensor.bytes)[(int)offset];
        }
    }

    public T[] ToArray() => MemoryMarshal.Cast<byte, T>(_tensor.bytes).ToArray();

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => GC.SuppressFinalize(this);

    private static Type? ElementType(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte => typeof(byte),
        torch.ScalarType.Int8 => typeof(sbyte),
        torch.ScalarType.Int16 => typeof(short),
        torch.ScalarType.Int32 => typeof(int),
        torch.ScalarType.Int64 => typeof(long),
        torch.ScalarType.Float16 => typeof(Half),
        torch.ScalarType.Float32 => typeof(float),
        torch.ScalarType.Float64 => typeof(double),
        torch.ScalarType.Bool => typeof(bool),
        _ => null,
    };
}
