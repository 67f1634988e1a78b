using GanOnnx.Onnx.Editing;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Checking;

/// <summary>
/// Constants that say how large a result is, and those that are divided by: a runtime computes with them while it loads, runs out of
/// memory, or ends the process where an integer is divided by 0.
/// </summary>
internal static class Sizes
{
    private const long MostValues = int.MaxValue;

    // The inputs that hold a shape, by operator.
    private static readonly Dictionary<string, int> _shapes = new(StringComparer.Ordinal)
    {
        ["ConstantOfShape"] = 0,
        ["Expand"] = 1,
        ["Tile"] = 1,
        ["Resize"] = 3,
        ["MaxUnpool"] = 2,
    };

    // Attributes that a runtime divides by, or counts with.
    private static readonly HashSet<string> _positive = new(StringComparer.Ordinal)
    {
        "blocksize", "num_groups", "pooled_shape", "num_heads", "kv_num_heads", "q_num_heads", "num_outputs", "hidden_size", "block_size",
        "group_size", "frame_length", "frame_step", "channels_per_group", "output_height", "output_width", "num_scan_inputs",
    };

    public static IEnumerable<string> Check(ModelProto model)
    {
        foreach (var (nodes, constants) in Places(model))
            foreach (var node in nodes.WithInner())
                foreach (var finding in Check(node, constants))
                    yield return finding;
    }

    private static IEnumerable<string> Check(NodeProto node, Dictionary<string, TensorProto> constants)
    {
        if (_shapes.TryGetValue(node.OpType, out var place) && Integers(place) is { } shape
            && TensorSize.Count(shape.Select(size => Math.Max(size, 1))) is null or > MostValues)
            yield return $"{ModelChecks.NameOf(node)} makes [{string.Join(", ", shape)}], which is more than {MostValues} values.";
        if (node.OpType is "RandomNormal" or "RandomUniform" && node.Find("shape") is { } random
            && TensorSize.Count(random.Ints) is null or > MostValues)
            yield return $"{ModelChecks.NameOf(node)} makes [{string.Join(", ", random.Ints)}], which is more than {MostValues} values.";
        if (node.OpType == "Pad" && Integers(1) is { } pads && pads.Any(pad => Math.Abs((decimal)pad) > MostValues))
            yield return $"{ModelChecks.NameOf(node)} has the pads [{string.Join(", ", pads)}]; each is at most {MostValues}.";
        if (node.OpType == "OneHot" && Integers(1) is [> MostValues and var depth])
            yield return $"{ModelChecks.NameOf(node)} makes {depth} values for each; at most {MostValues} are possible.";
        if (node.OpType == "Range" && Integers(0) is [var start] && Integers(1) is [var limit] && Integers(2) is [var delta]
            && (delta == 0 || ((decimal)limit - start) / delta > MostValues))
            yield return $"{ModelChecks.NameOf(node)} counts from {start} to {limit} by {delta}, which is more than {MostValues} values.";
        if (node.OpType is "Div" or "Mod" && Integers(1) is { } divisors && divisors.Contains(0))
            yield return $"{ModelChecks.NameOf(node)} divides by 0.";
        foreach (var attribute in node.Attribute.Where(a => _positive.Contains(a.Name) && a.RefAttrName.Length == 0))
            if (attribute.Ints.Count > 0 ? attribute.Ints.Any(value => value < 1)
                : attribute.Type == AttributeProto.Types.AttributeType.Int && attribute.I < 1)
                yield return $"{ModelChecks.NameOf(node)} has the {attribute.Name} {(attribute.Ints.Count > 0
                    ? $"[{string.Join(", ", attribute.Ints)}]; each is" : $"{attribute.I}; it is")} 1 or more.";

        long[]? Integers(int input) =>
            input < node.Input.Count && constants.TryGetValue(node.Input[input], out var tensor) ? ConstantValues.Integers(tensor) : null;
    }

    /// <summary>The graph and the functions, each with its constants, those of inner graphs too.</summary>
    private static IEnumerable<(IEnumerable<NodeProto> Nodes, Dictionary<string, TensorProto> Constants)> Places(ModelProto model)
    {
        yield return (model.Graph.Node, Constants(model.Graph.Node, model.Graphs().SelectMany(graph => graph.Initializer)));
        foreach (var function in model.Functions)
            yield return (function.Node, Constants(function.Node, []));
    }

    private static Dictionary<string, TensorProto> Constants(IEnumerable<NodeProto> nodes, IEnumerable<TensorProto> initializers)
    {
        var constants = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
        foreach (var initializer in initializers)
            constants[initializer.Name] = initializer;
        foreach (var node in nodes.WithInner())
            if (node is { OpType: "Constant", Output: [var name, ..] } && ConstantValues.Of(node) is { } value)
                constants[name] = value;
        return constants;
    }
}
