using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes.Quantization;

/// <summary>Operators that only move values, so that bytes may go through them as well as numbers, and the values that share their steps
/// for it.</summary>
internal sealed class MovedValues
{
    private static readonly HashSet<string> _movers = new(StringComparer.Ordinal)
    {
        "Concat", "DepthToSpace", "Flatten", "Identity", "MaxPool", "Reshape", "Slice", "SpaceToDepth", "Squeeze", "Transpose", "Unsqueeze",
    };

    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);

    /// <param name="graph">The graph.</param>
    /// <param name="layers">The layers whose values are bytes.</param>
    public MovedValues(GraphProto graph, IEnumerable<QuantizableLayer> layers)
    {
        var bytes = layers.Select(layer => layer.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(IsMover))
            if (Moved(node).All(bytes.Contains) && bytes.Add(node.Output[0]))
                foreach (var value in Moved(node))
                    _parents[Group(value)] = Group(node.Output[0]);
    }

    /// <summary>Whether a node only moves values.</summary>
    public static bool IsMover(NodeProto node) =>
        node.Domain.Length == 0 && node.Output.Count == 1
        && (_movers.Contains(node.OpType)
            || (node.OpType == "Resize" && node.Text("mode", "nearest") == "nearest"
                && node.Text("coordinate_transformation_mode", "half_pixel") != "tf_crop_and_resize"));

    /// <summary>The values that a mover moves, without shapes and the like.</summary>
    public static IEnumerable<string> Moved(NodeProto mover) => mover.OpType == "Concat" ? mover.Input : mover.Input.Take(1);

    /// <summary>Values of one group have the same steps.</summary>
    public string Group(string value)
    {
        while (_parents.TryGetValue(value, out var parent) && parent != value)
            value = parent;
        return value;
    }
}
