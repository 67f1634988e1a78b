using System.Runtime.InteropServices;
using GanOnnx.Export.Graphs;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Editing;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace GanOnnx.Export.Running;

/// <summary>TorchSharp's tensors as ONNX Runtime's values and back; copies both ways.</summary>
internal static class OrtTensors
{
    public static OrtValue ToOrtValue(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TypeOf(tensor.dtype), tensor.shape);
        tensor.detach().contiguous().bytes.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    public static Tensor ToTensor(OrtValue value)
    {
        var (shape, type) = (value.GetTensorTypeAndShape().Shape, value.GetTensorTypeAndShape().ElementDataType);
        return type switch
        {
            TensorElementType.Float => tensor(value.GetTensorDataAsSpan<float>().ToArray(), shape),
            TensorElementType.Int64 => tensor(value.GetTensorDataAsSpan<long>().ToArray(), shape),
            TensorElementType.UInt8 => tensor(value.GetTensorDataAsSpan<byte>().ToArray(), shape),
            TensorElementType.Bool => tensor(MemoryMarshal.Cast<bool, byte>(value.GetTensorDataAsSpan<bool>()).ToArray(), shape),
            _ => throw new ExportException($"An output has the type {type}; float32, int64, uint8 and bool outputs can be compared."),
        };
    }

    /// <summary>As an initializer; the two number their types alike.</summary>
    public static TensorProto ToProto(string name, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return Constants.Of(name, (TensorProto.Types.DataType)info.ElementDataType, info.Shape, value.GetTensorMutableRawData());
    }

    private static TensorElementType TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => TensorElementType.Float,
        ScalarType.Int64 => TensorElementType.Int64,
        ScalarType.Byte => TensorElementType.UInt8,
        ScalarType.Bool => TensorElementType.Bool,
        _ => throw new ExportException($"An example has the type {type}; float32, int64, uint8 and bool inputs can be exported."),
    };
}
