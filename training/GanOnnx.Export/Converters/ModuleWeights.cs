using GanOnnx.Export.Graphs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>
/// The weights of a module that has no properties for them, by their names. What is made of them is named after them in
/// the graph; without a graph it is only computed.
/// </summary>
internal sealed class ModuleWeights
{
    private readonly IReadOnlyDictionary<string, Parameter> _all;
    private readonly GraphBuilder? _graph;
    private readonly string _prefix;

    private ModuleWeights(IReadOnlyDictionary<string, Parameter> all, GraphBuilder? graph, string prefix) =>
        (_all, _graph, _prefix) = (all, graph, prefix);

    public ModuleWeights(nn.Module module, GraphBuilder? graph = null)
        : this(module.named_parameters().ToDictionary(p => p.name, p => p.parameter), graph, "") { }

    /// <summary>The names, below this part of the module.</summary>
    public IEnumerable<string> Names =>
        _all.Keys.Where(k => k.StartsWith(_prefix, StringComparison.Ordinal)).Select(k => k[_prefix.Length..]);

    /// <summary>A weight that is there.</summary>
    public Parameter this[string name] => _all[_prefix + name];

    /// <summary>A weight; null where the module has none of that name.</summary>
    public Parameter? Find(string name) => _all.GetValueOrDefault(_prefix + name);

    /// <summary>What is made of weights, as a constant of the graph.</summary>
    public TracedTensor Constant(string name, Tensor value) =>
        _graph is null ? value : new TracedTensor(value, _graph, _graph.Initializer(GraphBuilder.Join(_graph.CurrentScope, name), value));

    /// <summary>Computes with the weights of a part, whose name its operators then have.</summary>
    public T Within<T>(string part, Func<ModuleWeights, T> compute)
    {
        var weights = new ModuleWeights(_all, _graph, $"{_prefix}{part}.");
        _graph?.Enter(GraphBuilder.Join(_graph.CurrentScope, part));
        try
        {
            return compute(weights);
        }
        finally
        {
            _graph?.Leave();
        }
    }
}
