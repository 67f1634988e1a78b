using GanOnnx.Export.Internals;
using GanOnnx.Export.Onnx;

namespace GanOnnx.Export.Passes;

/// <summary>What is done to a traced graph before it is written.</summary>
internal static class GraphPasses
{
    // Each takes something out or merges something, so they come to an end.
    private static readonly Func<GraphEditor, bool>[] _simplifications =
    [
        NoOperations.Apply,
        ReshapeChains.Apply,
        TransposeChains.Apply,
        UnsqueezeChains.Apply,
        PadFolding.Apply,
        AffineFolding.Apply,
        NearestUpsampling.Apply,
    ];

    public static void Apply(ModelProto model, TracedModel traced, OnnxExportOptions options)
    {
        ConstantFolding.Apply(model);
        DeadNodes.Apply(model.Graph);
        while (Simplify(new GraphEditor(model.Graph, traced.Steps)))
            DeadNodes.Apply(model.Graph);
        PadsBeforePooling.Apply(new GraphEditor(model.Graph));
        DeadNodes.Apply(model.Graph);
        if (options.Precision == Precision.Float16)
            HalfPrecision.Apply(model, traced);
        if (options.ByteImages)
            ByteImages.Apply(model);
        Deduplication.Apply(model.Graph);
    }

    private static bool Simplify(GraphEditor graph) =>
        _simplifications.Aggregate(false, (changed, pass) => pass(graph) || changed);
}
