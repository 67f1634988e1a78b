using GanOnnx.Onnx.Editing;

namespace GanOnnx.Onnx.Passes.Precision;

/// <summary>Which nodes compute in float16.</summary>
internal sealed class HalfPlan
{
    /// <summary>
    /// What may. The others stay in float32: exponentials, logarithms, powers, roots, sums and means over many values,
    /// normalization, recurrent layers, comparisons, and whatever isn't listed.
    /// </summary>
    private static readonly HashSet<string> _operators = new(StringComparer.Ordinal)
    {
        "Conv", "ConvTranspose", "Gemm", "MatMul",
        "Add", "Sub", "Mul", "Div", "Neg", "Abs", "Max", "Min", "Clip", "Sign", "Where",
        "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "ThresholdedRelu", "Tanh", "Sigmoid", "HardSigmoid", "HardSwish",
        "Softsign", "Erf", "Gelu",
        "MaxPool", "GlobalMaxPool", "AveragePool", "Resize", "DepthToSpace", "SpaceToDepth", "Pad",
        "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Expand", "Tile", "Concat", "Split", "Slice", "Gather", "Identity",
    };

    private static readonly HashSet<string> _products = new(StringComparer.Ordinal) { "Conv", "ConvTranspose", "Gemm", "MatMul" };

    // Constants of fewer numbers are no reason to compute in float16.
    private const int ManyNumbers = 256;

    // A mean over more values is a sum over many values.
    private const int LargestWindow = 64;

    private readonly IReadOnlyDictionary<string, ValueRange> _ranges;
    private readonly HashSet<NodeProto> _half;
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _users = new(StringComparer.Ordinal);
    private readonly HashSet<string> _outputs, _constants;

    public HalfPlan(GraphProto graph, IReadOnlyDictionary<string, ValueRange> ranges)
    {
        _ranges = ranges;
        _outputs = [.. graph.Output.Select(o => o.Name)];
        _constants = [.. graph.Initializer.Select(i => i.Name)];
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
                _producers[output] = node;
            foreach (var input in Floats(node).Distinct())
                _users[input] = [.. _users.GetValueOrDefault(input, []), node];
        }
        _half = new(graph.Node.Where(CanBeHalf), ReferenceEqualityComparer.Instance);
        while (GiveUpIslands(graph) || GiveUpSingles(graph))
        {
        }
    }

    public bool IsHalf(NodeProto node) => _half.Contains(node);

    public bool IsFloat(string value) => _ranges.ContainsKey(value);

    /// <summary>Whether an input is a number of the kind the node computes in; Resize's regions and scales never change their
    /// type.</summary>
    public bool IsComputed(NodeProto node, int input) =>
        _ranges.ContainsKey(node.Input[input]) && !(node.OpType == "Resize" && input > 0);

    private IEnumerable<string> Floats(NodeProto node) => node.Input.Where((_, i) => IsComputed(node, i));

    private bool CanBeHalf(NodeProto node) =>
        _operators.Contains(node.OpType)
        && !(node.OpType == "AveragePool"
            && node.Integers("kernel_shape")!.Aggregate(1L, (product, size) => product * size) > LargestWindow)
        && Floats(node).Any()
        && Floats(node).Concat(node.Output.Where(_ranges.ContainsKey)).All(value => _ranges[value].FitsHalf);

    /// <summary>Takes groups of nodes back to float32 that have no weights and save no casts.</summary>
    private bool GiveUpIslands(GraphProto graph)
    {
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (var node in graph.Node.Where(n => IsCheap(n) && !seen.Contains(n)))
        {
            var island = Island(node);
            seen.UnionWith(island);
            if (GiveUp(island))
                return true;
        }
        return false;
    }

    private bool GiveUpSingles(GraphProto graph)
    {
        foreach (var node in graph.Node.Where(IsCheap))
            if (GiveUp([node]))
                return true;
        return false;
    }

    /// <summary>A node and those without weights that are joined to it in float16.</summary>
    private List<NodeProto> Island(NodeProto start)
    {
        var island = new List<NodeProto> { start };
        var members = new HashSet<NodeProto>(island, ReferenceEqualityComparer.Instance);
        for (var i = 0; i < island.Count; i++)
            foreach (var neighbour in Neighbours(island[i]).Where(n => IsCheap(n) && members.Add(n)))
                island.Add(neighbour);
        return island;
    }

    private IEnumerable<NodeProto> Neighbours(NodeProto node) =>
        Floats(node).Where(_producers.ContainsKey).Select(v => _producers[v])
            .Concat(node.Output.SelectMany(v => _users.GetValueOrDefault(v, [])));

    /// <summary>Takes nodes back to float32 where fewer numbers are cast then.</summary>
    private bool GiveUp(List<NodeProto> nodes)
    {
        var values = nodes.SelectMany(n => Floats(n).Concat(n.Output)).Where(v => _ranges.ContainsKey(v) && !_constants.Contains(v))
            .Distinct().ToList();
        var before = values.Sum(Casts);
        _half.ExceptWith(nodes);
        if (values.Sum(Casts) < before)
            return true;
        _half.UnionWith(nodes);
        return false;
    }

    private long Casts(string value)
    {
        var producedInHalf = _producers.TryGetValue(value, out var producer) && _half.Contains(producer);
        var differs = _users.GetValueOrDefault(value, []).Any(u => _half.Contains(u) != producedInHalf)
            || (producedInHalf && _outputs.Contains(value));
        return differs ? _ranges[value].Count : 0;
    }

    private bool IsCheap(NodeProto node) =>
        _half.Contains(node) && !_products.Contains(node.OpType)
        && !Floats(node).Any(v => _constants.Contains(v) && _ranges[v].Count >= ManyNumbers);
}
