using System.Buffers.Binary;
using GanOnnx.Onnx.Checking;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Editing;

/// <summary>The values of small constants of integers, whichever of the format's ways they are written in.</summary>
internal static class ConstantValues
{
    // Shapes, counts and the like; weights are not looked at.
    private const int MostValues = 1024;

    /// <summary>What a node Constant gives; null for other kinds of values.</summary>
    public static TensorProto? Of(NodeProto constant)
    {
        foreach (var attribute in constant.Attribute)
            switch (attribute.Name)
            {
                case "value": return attribute.T;
                case "value_int": return new() { DataType = (int)DataType.Int64, Int64Data = { attribute.I } };
                case "value_ints":
                    return new() { DataType = (int)DataType.Int64, Dims = { attribute.Ints.Count }, Int64Data = { attribute.Ints } };
            }
        return null;
    }

    /// <summary>Its integers; null if they are others, too many, or not in the file.</summary>
    public static long[]? Integers(TensorProto tensor)
    {
        if (TensorSize.Count(tensor.Dims) is not (<= MostValues and var count))
            return null;
        var raw = tensor.RawData.Span;
        switch ((DataType)tensor.DataType)
        {
            case DataType.Int64 when raw.Length == count * sizeof(long):
                var longs = new long[count];
                for (var i = 0; i < count; i++)
                    longs[i] = BinaryPrimitives.ReadInt64LittleEndian(raw[(i * sizeof(long))..]);
                return longs;
            case DataType.Int64 when tensor.Int64Data.Count == count:
                return [.. tensor.Int64Data];
            case DataType.Int32 when raw.Length == count * sizeof(int):
                var ints = new long[count];
                for (var i = 0; i < count; i++)
                    ints[i] = BinaryPrimitives.ReadInt32LittleEndian(raw[(i * sizeof(int))..]);
                return ints;
            case DataType.Int32 when tensor.Int32Data.Count == count:
                return [.. tensor.Int32Data.Select(value => (long)value)];
            case DataType.Uint8 or DataType.Int8 or DataType.Bool when raw.Length == count:
                return [.. raw.ToArray().Select(value => (long)value)];
            default:
                return null;
        }
    }
}
