using System.Runtime.InteropServices;
using GanOnnx.Inference.Runtime;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Editing;
using GanOnnx.Onnx.Files;
using GanOnnx.Onnx.Passes;
using GanOnnx.Onnx.Passes.Folding;
using GanOnnx.Shared;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Quantization;

/// <summary>Makes of any model one whose convolutions have constant weights and what can be is part of them.</summary>
internal static class PreparedModel
{
    // DepthToSpace in the order that a phase has its channels in.
    private const int OldestOpset = 11;

    /// <exception cref="QuantizationException">Its operators are too old.</exception>
    public static ModelProto Of(string path, string name, ScratchFolder scratch, CancellationToken stop)
    {
        var original = OnnxModel.Read(path).Proto;
        var opset = original.OpsetImport.FirstOrDefault(import => import.Domain.Length == 0)?.Version ?? 1;
        if (opset < OldestOpset)
            throw new QuantizationException($"'{name}' is written for operator set {opset}; int8 needs {OldestOpset} or a later one. Export it "
                + "anew, or convert it with onnx.version_converter of Python's onnx.");
        var model = original.Clone();
        model.Graph = Simplified(path, scratch, stop);
        foreach (var constant in model.Graph.Initializer)
            PutIntoRawBytes(constant);
        var editor = new GraphEditor(model.Graph);
        AffineFolding.Apply(editor);
        PadFolding.Apply(editor);
        DeadNodes.Apply(model.Graph);
        return model;
    }

    // What ONNX Runtime itself does with every model when it loads it, as far as the operators stay ONNX's.
    private static GraphProto Simplified(string path, ScratchFolder scratch, CancellationToken stop)
    {
        var file = Path.Combine(scratch.Path, "simplified.onnx");
        using var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC,
            OptimizedModelFilePath = file,
        };
        Graphs.Load(ModelContent.Read(path, stop), settings, stop).Dispose();
        return ModelReader.Read(file).Graph;
    }

    private static void PutIntoRawBytes(TensorProto constant)
    {
        if (constant.DataType != (int)DataType.Float || constant.FloatData.Count == 0)
            return;
        constant.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(constant.FloatData.ToArray()));
        constant.FloatData.Clear();
    }
}
