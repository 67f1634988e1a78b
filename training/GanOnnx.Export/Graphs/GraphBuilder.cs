using System.Runtime.InteropServices;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Editing;
using Google.Protobuf;
using TorchSharp;

namespace GanOnnx.Export.Graphs;

/// <summary>A layer or operator that was traced: its value in the graph and for the example.</summary>
internal sealed record Step(string Path, string Type, string Value, torch.Tensor Example);

/// <summary>Collects nodes and initializers. Names come from the module's tree, so they are stable and readable.</summary>
internal sealed class GraphBuilder(torch.nn.Module root, OnnxExportOptions options)
{
    [ThreadStatic]
    private static GraphBuilder? _current;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<torch.Tensor, string> _parameters = NamesOf(root.state_dict().Select(e => (e.Value, e.Key)));
    private readonly Dictionary<torch.nn.Module,
        string> _paths = NamesOf(root.named_modules().Select(e => (e.module, e.name)).Prepend((root, "")));
    private readonly Stack<string> _scopes = new();

    /// <summary>The graph that this thread is tracing, or null.</summary>
    public static GraphBuilder? Current => _current;

    public GraphProto Proto { get; } = new();

    public OnnxExportOptions Options { get; } = options;

    /// <summary>The version of the operators.</summary>
    public int Opset => Options.Opset;

    /// <summary>Whether an axis after the first is open in an input, so that an image's size may be any.</summary>
    public bool MayHaveOpenSizes => Options.DynamicAxes.Any(a => a.Axis > 0);

    /// <summary>What was traced, in order.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>Whether random numbers were drawn since this graph was begun.</summary>
    public Randomness Randomness => field ??= new Randomness(this);

    /// <summary>Traces a module on this graph.</summary>
    public T Trace<T>(Func<T> trace)
    {
        (var before, _current) = (_current, this);
        try
        {
            Randomness.Check();
            return trace();
        }
        finally
        {
            _current = before;
        }
    }

    /// <summary>A module's place in the tree; empty for the root.</summary>
    public string PathOf(torch.nn.Module module) =>
        _paths.TryGetValue(module, out var path) ? path : Join(CurrentScope, module.GetType().Name);

    /// <summary>The path of the custom module that is being traced.</summary>
    public string CurrentScope => _scopes.TryPeek(out var scope) ? scope : "";

    public void Enter(string scope) => _scopes.Push(scope);

    public void Leave() => _scopes.Pop();

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The name with a number after it where it is taken.</summary>
    public string Unique(string name)
    {
        var unique = name;
        for (var i = 1; !_taken.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    /// <summary>Adds an operator with one output, named like the node.</summary>
    public string Add(string operatorType, string name, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        AddMany(operatorType, name, inputs, 1, attributes)[0];

    /// <summary>Adds an operator with several outputs, named like the node with a number after it.</summary>
    public string[] AddMany(string operatorType, string name, IEnumerable<string> inputs, int outputs,
        params ReadOnlySpan<AttributeProto> attributes)
    {
        name = Unique(name);
        var node = new NodeProto { OpType = operatorType, Name = name };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs == 1 ? [name] : Enumerable.Range(0, outputs).Select(i => Unique($"{name}.{i}")));
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        Proto.Node.Add(node);
        return [.. node.Output];
    }

    /// <summary>A weight, under its name in the module's tree where it has one.</summary>
    public string Initializer(string name, torch.Tensor tensor)
    {
        var isOwn = _parameters.TryGetValue(tensor, out var known);
        name = isOwn ? known! : Unique(name);
        if (Proto.Initializer.Any(i => i.Name == name))
            return name;
        _taken.Add(name);
        Proto.Initializer.Add(Tensors.ToProto(name, tensor, shared: isOwn));
        return name;
    }

    /// <summary>A constant list of integers, as Reshape's shape.</summary>
    public string Initializer(string name, params ReadOnlySpan<long> values)
    {
        name = Unique(name);
        Proto.Initializer.Add(Constants.Of(name, TensorProto.Types.DataType.Int64, [values.Length], MemoryMarshal.AsBytes(values)));
        return name;
    }

    /// <summary>A constant list of numbers, as Resize's scales.</summary>
    public string Initializer(string name, params ReadOnlySpan<float> values)
    {
        name = Unique(name);
        Proto.Initializer.Add(Constants.Of(name, TensorProto.Types.DataType.Float, [values.Length], MemoryMarshal.AsBytes(values)));
        return name;
    }

    /// <summary>A constant matrix of integers.</summary>
    public string Matrix(string name, long rows, params ReadOnlySpan<long> values)
    {
        name = Unique(name);
        Proto.Initializer.Add(Constants.Of(name, TensorProto.Types.DataType.Int64, [rows, values.Length / rows],
            MemoryMarshal.AsBytes(values)));
        return name;
    }

    /// <summary>A constant matrix.</summary>
    public string Matrix(string name, long rows, params ReadOnlySpan<float> values)
    {
        name = Unique(name);
        Proto.Initializer.Add(Constants.Of(name, TensorProto.Types.DataType.Float, [rows, values.Length / rows],
            MemoryMarshal.AsBytes(values)));
        return name;
    }

    /// <summary>A constant integer without axes.</summary>
    public string Number(string name, long value)
    {
        name = Unique(name);
        Proto.Initializer.Add(Constants.Of(name, TensorProto.Types.DataType.Int64, [], MemoryMarshal.AsBytes([value])));
        return name;
    }

    /// <summary>A constant number without axes.</summary>
    public string Scalar(string name, float value)
    {
        name = Unique(name);
        Proto.Initializer.Add(Constants.Of(name, TensorProto.Types.DataType.Float, [], MemoryMarshal.AsBytes([value])));
        return name;
    }

    private static Dictionary<T, string> NamesOf<T>(IEnumerable<(T Key, string Name)> entries) where T : class
    {
        var names = new Dictionary<T, string>(ReferenceEqualityComparer.Instance);
        foreach (var (key, name) in entries)
            names.TryAdd(key, name);
        return names;
    }
}
