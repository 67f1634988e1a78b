using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.ML.Columns;

/// <summary>The element types of tensors that ML.NET has, too.</summary>
internal static class ElementTypes
{
    private static readonly (string Name, TensorElementType Tensor, PrimitiveDataViewType Column)[] _types =
    [
        ("float32", TensorElementType.Float, NumberDataViewType.Single),
        ("float64", TensorElementType.Double, NumberDataViewType.Double),
        ("uint8", TensorElementType.UInt8, NumberDataViewType.Byte),
        ("int8", TensorElementType.Int8, NumberDataViewType.SByte),
        ("uint16", TensorElementType.UInt16, NumberDataViewType.UInt16),
        ("int16", TensorElementType.Int16, NumberDataViewType.Int16),
        ("uint32", TensorElementType.UInt32, NumberDataViewType.UInt32),
        ("int32", TensorElementType.Int32, NumberDataViewType.Int32),
        ("uint64", TensorElementType.UInt64, NumberDataViewType.UInt64),
        ("int64", TensorElementType.Int64, NumberDataViewType.Int64),
        ("bool", TensorElementType.Bool, BooleanDataViewType.Instance),
    ];

    public static TensorElementType ToTensor(DataViewType type) => Array.Find(_types, t => t.Column == type).Tensor;

    /// <summary>ML.NET's name of a tensor's type, or null if it has none.</summary>
    public static PrimitiveDataViewType? ToColumn(string name) => Array.Find(_types, t => t.Name == name).Column;
}
