using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Checking;

/// <summary>
/// Whether loops that say how often they run come to an end that somebody lives to see. Exporters write a loop that a condition ends with
/// the largest number there is, so one is told only where its condition never ends it.
/// </summary>
internal static class Loops
{
    // A runtime takes at least a tenth of a microsecond for a node: some minutes.
    private const long MostSteps = 1_000_000_000;

    // Functions that call each other deeper are refused elsewhere.
    private const int Deepest = 500;

    public static IEnumerable<string> Check(ModelProto model)
    {
        var functions = model.Functions.GroupBy(f => (f.Domain, f.Name)).ToDictionary(g => g.Key, g => g.First());
        var (known, depth) = (new Dictionary<(string, string), long>(), 0);
        if (Steps(model.Graph.Node, Constants(model.Graph, null)) > MostSteps)
            yield return $"The graph runs more than {MostSteps} nodes, with its loops and functions.";

        // A function that calls itself counts once.
        long Steps(IEnumerable<NodeProto> nodes, IReadOnlyDictionary<string, TensorProto> constants) =>
            nodes.Aggregate(0L, (steps, node) => Math.Min(steps + Times(node, constants), MostSteps + 1));

        long Times(NodeProto node, IReadOnlyDictionary<string, TensorProto> constants)
        {
            var inner = node.Graphs().Select(graph => Steps(graph.Node, Constants(graph, constants))).DefaultIfEmpty(0).Max();
            var times = node.OpType == "Loop" && IsStandard(node) ? Trips(node, constants) : 1;
            var called = functions.ContainsKey((node.Domain, node.OpType)) ? Called((node.Domain, node.OpType)) : 1;
            return (long)Int128.Min((Int128)Math.Max(1, inner) * times + called, MostSteps + 1);
        }

        long Called((string, string) key)
        {
            if (known.TryGetValue(key, out var steps))
                return steps;
            known[key] = 1;
            if (depth == Deepest)
                return 1;
            depth++;
            known[key] = Steps(functions[key].Node, Constants(functions[key].Node, null));
            depth--;
            return known[key];
        }
    }

    /// <summary>How often a loop runs at least, as far as that is told; else once.</summary>
    private static long Trips(NodeProto loop, IReadOnlyDictionary<string, TensorProto> constants)
    {
        var most = loop.Input is [{ Length: > 0 } count, ..] ? Number(constants.GetValueOrDefault(count)) : long.MaxValue;
        return most is { } trips && loop.Find("body")?.G is { } body && GoesOn(loop, body, constants) ? Math.Max(trips, 1) : 1;
    }

    private static bool GoesOn(NodeProto loop, GraphProto body, IReadOnlyDictionary<string, TensorProto> constants)
    {
        if (loop.Input is [_, { Length: > 0 } first, ..] && !IsTrue(constants.GetValueOrDefault(first)))
            return false;
        if (body.Output.Count == 0)
            return false;
        var (inside, next) = (Constants(body, constants), body.Output[0].Name);
        var given = body.Input.Count > 1 ? body.Input[1].Name : "";
        while (body.Node.FirstOrDefault(n => n.OpType == "Identity" && n.Output.Contains(next)) is { Input: [var from, ..] } && from != next)
            next = from;
        return next == given || IsTrue(inside.GetValueOrDefault(next));
    }

    private static Dictionary<string, TensorProto> Constants(GraphProto graph, IReadOnlyDictionary<string, TensorProto>? outer)
    {
        var constants = Constants(graph.Node, outer);
        foreach (var constant in graph.Initializer)
            constants[constant.Name] = constant;
        // What is given may be anything, whatever it is called outside.
        foreach (var input in graph.Input.Where(i => graph.Initializer.All(c => c.Name != i.Name)))
            constants.Remove(input.Name);
        return constants;
    }

    private static Dictionary<string, TensorProto> Constants(IEnumerable<NodeProto> nodes,
        IReadOnlyDictionary<string, TensorProto>? outer)
    {
        var constants = outer is null ? [] : new Dictionary<string, TensorProto>(outer);
        foreach (var node in nodes)
            if (node is { OpType: "Constant", Output: [var name, ..] } && ConstantValues.Of(node) is { } value)
                constants[name] = value;
        return constants;
    }

    private static bool IsTrue(TensorProto? tensor) => tensor is not null
        && (tensor.RawData is [not 0, ..] || tensor.Int32Data is [not 0, ..]);

    private static long? Number(TensorProto? tensor) =>
        tensor is null ? null : ConstantValues.Integers(tensor) is [var number] ? number : null;

    private static bool IsStandard(NodeProto node) => node.Domain is "" or "ai.onnx";
}
