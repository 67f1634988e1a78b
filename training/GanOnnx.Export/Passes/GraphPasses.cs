using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Passes;
using GanOnnx.Onnx.Passes.Folding;
using GanOnnx.Onnx.Passes.Precision;

namespace GanOnnx.Export.Passes;

/// <summary>What is done to a traced graph before it is written.</summary>
internal static class GraphPasses
{
    public static void Apply(ModelProto model, TracedModel traced, OnnxExportOptions options)
    {
        ConstantFolding.Apply(model, LoadedModel.Compute);
        Simplification.Apply(model.Graph, traced.Ranks);
        if (options.Precision == Precision.Float16)
            HalfPrecision.Apply(model.Graph, ValueRanges.Measure(model, traced));
        if (options.Precision == Precision.Int8)
            Int8Precision.Apply(model, traced, options);
        if (options.ByteImages)
            ApplyByteImages(model.Graph);
        Deduplication.Apply(model.Graph);
    }

    private static void ApplyByteImages(GraphProto graph)
    {
        if (!ByteImages.CanApply(graph))
            throw new ExportException("ByteImages needs a module whose only output is a float32 image of [N, C, H, W]. Export the "
                + "image alone.");
        ByteImages.Apply(graph);
    }
}
