using System.Runtime.InteropServices;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Onnx.Editing;

/// <summary>A graph whose values can be followed from their producer to their users while nodes are taken out and rewired.</summary>
internal sealed class GraphEditor
{
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _outputs;
    private readonly HashSet<string> _names;
    private readonly HashSet<NodeProto> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _ranks = new(StringComparer.Ordinal);

    /// <param name="graph">The graph.</param>
    /// <param name="ranks">How many axes values have that are neither constants nor inputs or outputs, where that is known.</param>
    public GraphEditor(GraphProto graph, IReadOnlyDictionary<string, int>? ranks = null)
    {
        Graph = graph;
        _outputs = [.. graph.Output.Select(o => o.Name)];
        _names = [.. graph.Input.Select(i => i.Name), .. graph.Initializer.Select(i => i.Name), .. graph.Node.Select(n => n.Name)];
        foreach (var node in graph.Node)
            Include(node);
        foreach (var constant in graph.Initializer)
            (_constants[constant.Name], _ranks[constant.Name]) = (constant, constant.Dims.Count);
        foreach (var value in graph.Input.Concat(graph.Output))
            _ranks[value.Name] = value.Type.TensorType.Shape.Dim.Count;
        foreach (var (value, rank) in ranks ?? new Dictionary<string, int>())
            _ranks.TryAdd(value, rank);
    }

    public GraphProto Graph { get; }

    /// <summary>The nodes as they are now; those that a pass takes out meanwhile are left out of what follows.</summary>
    public IEnumerable<NodeProto> Nodes => Graph.Node.ToList().Where(_nodes.Contains);

    /// <summary>The node that makes a value; null for an input and a constant.</summary>
    public NodeProto? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The node of one of the given types that makes a value.</summary>
    public NodeProto? Producer(string value, params ReadOnlySpan<string> operatorTypes) =>
        Producer(value) is { } node && operatorTypes.Contains(node.OpType) ? node : null;

    public TensorProto? Constant(string value) => _constants.GetValueOrDefault(value);

    /// <summary>A constant list of integers that a node takes as an input.</summary>
    public long[]? Integers(NodeProto node, int input) =>
        input < node.Input.Count && Constant(node.Input[input]) is { DataType: (int)DataType.Int64 } constant
            ? MemoryMarshal.Cast<byte, long>(constant.RawData.Span).ToArray()
            : null;

    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>How often a value is used, by nodes and as an output.</summary>
    public int Uses(string value) => (_users.GetValueOrDefault(value)?.Count ?? 0) + (IsOutput(value) ? 1 : 0);

    /// <summary>The node that alone uses a value; null for an output.</summary>
    public NodeProto? OnlyUser(string value) => Uses(value) == 1 && !IsOutput(value) ? _users[value][0] : null;

    /// <summary>How many axes a value has, where that is known.</summary>
    public int? Rank(string value) => _ranks.TryGetValue(value, out var rank) ? rank : null;

    public string Unique(string name)
    {
        var unique = name;
        for (var i = 1; !_names.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    public string AddConstant(string name, DataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes)
    {
        var constant = Constants.Of(Unique(name), type, shape, bytes);
        Graph.Initializer.Add(constant);
        (_constants[constant.Name], _ranks[constant.Name]) = (constant, constant.Dims.Count);
        return constant.Name;
    }

    public string AddIntegers(string name, ReadOnlySpan<long> values) =>
        AddConstant(name, DataType.Int64, [values.Length], MemoryMarshal.AsBytes(values));

    /// <summary>Another content for a constant.</summary>
    public void SetConstant(string name, DataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes)
    {
        var old = _constants[name];
        var constant = Constants.Of(name, type, shape, bytes);
        Graph.Initializer[IndexOf(old)] = constant;
        (_constants[name], _ranks[name]) = (constant, shape.Length);
    }

    /// <summary>Another value for a node's input, which is added where the node has fewer.</summary>
    public void SetInput(NodeProto node, int input, string value)
    {
        while (node.Input.Count <= input)
            node.Input.Add("");
        _users.GetValueOrDefault(node.Input[input])?.Remove(node);
        node.Input[input] = value;
        Users(value).Add(node);
    }

    /// <summary>Takes a node out whose first input is what it gives; false where the names of inputs and outputs don't allow it.</summary>
    public bool Bypass(NodeProto node, int input = 0)
    {
        var (from, to) = (node.Input[input], node.Output[0]);
        if (IsOutput(to))
        {
            if (IsOutput(from) || Producer(from) is not { } producer)
                return false;
            Remove(node);
            producer.Output[producer.Output.IndexOf(from)] = to;
            _producers.Remove(from);
            _producers[to] = producer;
            (from, to) = (to, from);
        }
        else
        {
            Remove(node);
        }
        foreach (var user in Users(to).Distinct().ToList())
            for (var i = 0; i < user.Input.Count; i++)
                if (user.Input[i] == to)
                    SetInput(user, i, from);
        return true;
    }

    /// <summary>Adds a node with one output, named like it, and gives the output's name.</summary>
    public string InsertBefore(NodeProto next, string operatorType, string name, IEnumerable<string> inputs,
        params ReadOnlySpan<AttributeProto> attributes)
    {
        name = Unique(name);
        var node = new NodeProto { OpType = operatorType, Name = name, Input = { inputs }, Output = { name } };
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        Graph.Node.Insert(Graph.Node.IndexOf(next), node);
        Include(node);
        return name;
    }

    /// <summary>Lets two nodes that follow one another, by their first inputs alone, change places.</summary>
    public void Exchange(NodeProto first, NodeProto second)
    {
        var (input, output, between) = (first.Input[0], second.Output[0], Unique($"{second.Output[0]}.early"));
        Graph.Node.Remove(first);
        Graph.Node.Insert(Graph.Node.IndexOf(second) + 1, first);
        _producers.Remove(first.Output[0]);
        SetInput(second, 0, input);
        SetInput(first, 0, between);
        (first.Output[0], second.Output[0]) = (output, between);
        (_producers[output], _producers[between]) = (first, second);
    }

    public void Remove(NodeProto node)
    {
        _nodes.Remove(node);
        Graph.Node.Remove(node);
        foreach (var input in node.Input)
            _users.GetValueOrDefault(input)?.Remove(node);
        foreach (var output in node.Output)
            _producers.Remove(output);
    }

    // Protobuf's own IndexOf would compare the weights' bytes.
    private int IndexOf(TensorProto constant)
    {
        var index = 0;
        while (!ReferenceEquals(Graph.Initializer[index], constant))
            index++;
        return index;
    }

    private void Include(NodeProto node)
    {
        _nodes.Add(node);
        foreach (var output in node.Output)
        {
            _producers[output] = node;
            _names.Add(output);
        }
        foreach (var input in node.Input)
            Users(input).Add(node);
    }

    private List<NodeProto> Users(string value) => CollectionsMarshal.GetValueRefOrAddDefault(_users, value, out _) ??= [];
}
