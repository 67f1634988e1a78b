namespace GanOnnx.Onnx.Passes.Folding;

/// <summary>Computes once what depends on constants alone.</summary>
/// <remarks>
/// Tracing computes what a custom module makes of its weights already; this is for what converters add. Not applied
/// where the result is more than the constants it comes from, as an Expand's, and to random numbers.
/// </remarks>
internal static class ConstantFolding
{
    private const int SmallBytes = 4096;

    /// <param name="model">The model.</param>
    /// <param name="compute">Runs a model without inputs and gives its outputs as constants of their names.</param>
    public static void Apply(ModelProto model, Func<ModelProto, IReadOnlyList<TensorProto>> compute)
    {
        var graph = model.Graph;
        var constants = graph.Initializer.ToDictionary(i => i.Name, StringComparer.Ordinal);
        var computed = new Dictionary<string, NodeProto>(StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(n => IsComputable(n, name => constants.ContainsKey(name) || computed.ContainsKey(name))))
            foreach (var output in node.Output)
                computed[output] = node;
        var wanted = Wanted(graph, computed);
        if (wanted.Count == 0)
            return;
        foreach (var constant in compute(Part(model, wanted)))
            if (constant.RawData.Length <= Math.Max(SmallBytes, Sources(computed[constant.Name], computed, constants)))
                Replace(graph, computed[constant.Name], constant);
        DeadNodes.Apply(graph);
    }

    private static bool IsComputable(NodeProto node, Func<string, bool> isConstant) =>
        node.Input.Count > 0 && node.Output.Count == 1
        && !node.OpType.StartsWith("Random", StringComparison.Ordinal) && node.OpType is not ("Bernoulli" or "Multinomial")
        && node.Input.All(i => i.Length == 0 || isConstant(i));

    /// <summary>What nodes that aren't constant take from nodes that are.</summary>
    private static List<string> Wanted(GraphProto graph, Dictionary<string, NodeProto> computed) =>
        [.. graph.Node.Where(n => !n.Output.Any(computed.ContainsKey)).SelectMany(n => n.Input).Where(computed.ContainsKey).Distinct()];

    /// <summary>What of a model gives these values.</summary>
    private static ModelProto Part(ModelProto model, List<string> wanted)
    {
        var part = model.Clone();
        part.Graph.Input.Clear();
        part.Graph.Output.Clear();
        part.Graph.Output.AddRange(wanted.Select(name => new ValueInfoProto { Name = name }));
        DeadNodes.Apply(part.Graph);
        return part;
    }

    private static long Sources(NodeProto node, Dictionary<string, NodeProto> computed, Dictionary<string, TensorProto> constants) =>
        node.Input.Where(i => i.Length > 0)
            .Sum(i => constants.TryGetValue(i, out var constant) ? constant.RawData.Length : Sources(computed[i], computed, constants));

    private static void Replace(GraphProto graph, NodeProto node, TensorProto constant)
    {
        node.Output[0] = ""; // dead from here on
        graph.Initializer.Add(constant);
    }
}
