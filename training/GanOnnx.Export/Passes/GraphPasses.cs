using GanOnnx.Export.Internals;
using GanOnnx.Export.Onnx;

namespace GanOnnx.Export.Passes;

/// <summary>What is done to a traced graph before it is written.</summary>
internal static class GraphPasses
{
    public static void Apply(ModelProto model, TracedModel traced, OnnxExportOptions options)
    {
        if (options.ByteImages)
            ByteImages.Apply(model);
    }
}
