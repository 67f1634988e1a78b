using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Checking;

/// <summary>How many values and bytes a shape has, without overflow.</summary>
internal static class TensorSize
{
    /// <summary>The values of a shape; null where they are more than a 64-bit number, or an axis is negative.</summary>
    public static long? Count(IEnumerable<long> shape)
    {
        UInt128 count = 1;
        var isEmpty = false;
        foreach (var size in shape)
        {
            if (size < 0)
                return null;
            isEmpty |= size == 0;
            count *= (UInt128)Math.Max(size, 1);
            if (count > long.MaxValue)
                return null;
        }
        return isEmpty ? 0 : (long)count;
    }

    /// <summary>The bytes that a tensor's shape needs; null where that can't be said, as for text.</summary>
    public static long? Of(TensorProto tensor) =>
        Count(tensor.Dims) is { } count && Bits((DataType)tensor.DataType) is { } bits && (Int128)count * bits <= long.MaxValue
            ? (long)(((Int128)count * bits + 7) / 8)
            : null;

    private static int? Bits(DataType type) => type switch
    {
        DataType.Uint2 or DataType.Int2 => 2,
        DataType.Uint4 or DataType.Int4 or DataType.Float4E2M1 => 4,
        DataType.Uint8 or DataType.Int8 or DataType.Bool => 8,
        DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz or DataType.Float8E8M0 => 8,
        DataType.Uint16 or DataType.Int16 or DataType.Float16 or DataType.Bfloat16 => 16,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 32,
        DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 64,
        DataType.Complex128 => 128,
        _ => null,
    };
}
