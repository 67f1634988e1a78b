using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.ML.Columns;

/// <summary>The element types of tensors that ML.NET has, too.</summary>
internal static class ElementTypes
{
    private static readonly Dictionary<DataViewType, TensorElementType> _tensors = Enum.GetValues<TensorElementType>()
        .Where(type => ToColumn(type) is not null).ToDictionary(type => (DataViewType)ToColumn(type)!);

    public static TensorElementType ToTensor(DataViewType type) => _tensors[type];

    /// <summary>ML.NET's name of a type, or null if it has none.</summary>
    public static PrimitiveDataViewType? ToColumn(TensorElementType type) => type switch
    {
        TensorElementType.Float => NumberDataViewType.Single,
        TensorElementType.Double => NumberDataViewType.Double,
        TensorElementType.UInt8 => NumberDataViewType.Byte,
        TensorElementType.Int8 => NumberDataViewType.SByte,
        TensorElementType.UInt16 => NumberDataViewType.UInt16,
        TensorElementType.Int16 => NumberDataViewType.Int16,
        TensorElementType.UInt32 => NumberDataViewType.UInt32,
        TensorElementType.Int32 => NumberDataViewType.Int32,
        TensorElementType.UInt64 => NumberDataViewType.UInt64,
        TensorElementType.Int64 => NumberDataViewType.Int64,
        TensorElementType.Bool => BooleanDataViewType.Instance,
        _ => null,
    };
}
