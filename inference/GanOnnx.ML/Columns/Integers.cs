using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Columns;

/// <summary>Columns of whole numbers.</summary>
internal static class Integers
{
    private static readonly DataViewType[] _types =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
    ];

    public static bool Are(DataViewType type) => _types.Contains(type);

    /// <summary>Reads the current row's value; a negative one is no seed, no number of an image and no label.</summary>
    public static Func<ulong> Reader(DataViewRow source, DataViewSchema.Column column)
    {
        var name = column.Name;
        return Type.GetTypeCode(column.Type.RawType) switch
        {
            TypeCode.SByte => Reader<sbyte>(source, column, v => Positive(name, v)),
            TypeCode.Byte => Reader<byte>(source, column, v => v),
            TypeCode.Int16 => Reader<short>(source, column, v => Positive(name, v)),
            TypeCode.UInt16 => Reader<ushort>(source, column, v => v),
            TypeCode.Int32 => Reader<int>(source, column, v => Positive(name, v)),
            TypeCode.UInt32 => Reader<uint>(source, column, v => v),
            TypeCode.Int64 => Reader<long>(source, column, v => Positive(name, v)),
            _ => Reader<ulong>(source, column, v => v),
        };
    }

    private static Func<ulong> Reader<T>(DataViewRow source, DataViewSchema.Column column, Func<T, ulong> convert) where T : struct
    {
        var getter = source.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    private static ulong Positive(string column, long value) => value >= 0 ? (ulong)value : throw Errors.Negative(column, value);
}
