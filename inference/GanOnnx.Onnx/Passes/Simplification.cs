using GanOnnx.Onnx.Editing;
using GanOnnx.Onnx.Passes.Chains;
using GanOnnx.Onnx.Passes.Folding;

namespace GanOnnx.Onnx.Passes;

/// <summary>Takes out and merges nodes until no pass finds more.</summary>
internal static class Simplification
{
    // Each takes something out or merges something, so they come to an end.
    private static readonly Func<GraphEditor, bool>[] _passes =
    [
        NoOperations.Apply,
        ReshapeChains.Apply,
        TransposeChains.Apply,
        UnsqueezeChains.Apply,
        PadFolding.Apply,
        AffineFolding.Apply,
        NearestUpsampling.Apply,
    ];

    /// <param name="graph">The graph.</param>
    /// <param name="ranks">How many axes values have that are neither constants nor inputs or outputs, where that is known.</param>
    public static void Apply(GraphProto graph, IReadOnlyDictionary<string, int> ranks)
    {
        DeadNodes.Apply(graph);
        while (Pass(new GraphEditor(graph, ranks)))
            DeadNodes.Apply(graph);
        PadsBeforePooling.Apply(new GraphEditor(graph));
        DeadNodes.Apply(graph);
    }

    private static bool Pass(GraphEditor graph) => _passes.Aggregate(false, (changed, pass) => pass(graph) || changed);
}
