using GanOnnx.Export.Graphs;
using GanOnnx.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export;

/// <summary>
/// A tensor that remembers which operators it came through. A <c>forward</c> that is written on it runs like one on
/// <see cref="torch.Tensor"/>, gradients included; while a module is exported, each step also becomes an operator of the
/// graph. So what runs and what is exported can't drift apart.
/// </summary>
/// <remarks>
/// Its members have the names and the meaning of <c>torch.Tensor</c>'s. A <c>Tensor</c> or <c>Parameter</c> can be
/// used wherever a traced tensor is wanted; in the graph it is a constant, and what is computed from constants alone is
/// computed once, when exporting. An open axis stays open through every operator; only a size that <c>forward</c> reads
/// from <see cref="shape"/> and puts into a calculation of its own is fixed at the example's (the comparison at other
/// sizes notices it). In <see cref="reshape"/>, a size equal to the input's at the same place keeps that axis open.
/// Values can't be read while exporting (<see cref="AsConstant"/> says what is needed then): a file has one path for all
/// inputs, and <see cref="where"/> chooses between two values in it.
/// </remarks>
#pragma warning disable CS0660, CS0661 // == compares values and gives a tensor, as TorchSharp's does; Equals stays that of references
public sealed partial class TracedTensor
#pragma warning restore CS0660, CS0661
{
    private readonly GraphBuilder? _graph;

    internal TracedTensor(Tensor tensor, GraphBuilder? graph = null, string? name = null)
    {
        Value = tensor;
        _graph = graph;
        Name = name;
    }

    /// <summary>The values of this run.</summary>
    /// <exception cref="ExportException">
    /// A module is being exported, and the values depend on its input: what is read would be the example's for every input. The message
    /// names the line.
    /// </exception>
    public Tensor Tensor => _graph is null ? Value : throw ForwardLine.ReadsValue(_graph.CurrentScope);

    /// <summary>The size of each axis.</summary>
    public long[] shape => Value.shape;

    /// <summary>The number of axes.</summary>
    public long ndim => Value.ndim;

    /// <summary>The values: of this run, or of the example while a module is exported.</summary>
    internal Tensor Value { get; }

    /// <summary>The name in the graph; null for a constant, and when nothing is exported.</summary>
    internal string? Name { get; }

    /// <summary>A tensor that is the same for every input.</summary>
    /// <exception cref="ExportException">A module is being exported whose forward drew random numbers.</exception>
    public static implicit operator TracedTensor(Tensor tensor)
    {
        GraphBuilder.Current?.Randomness.Check();
        return new(tensor);
    }

    /// <summary>
    /// The values, said to be the same for every input: while a module is exported they are the example's, and what
    /// <c>forward</c> makes of them is a constant of the file, a branch included.
    /// </summary>
    public Tensor AsConstant() => Value;

    /// <summary>The graph that the inputs are traced in; null when nothing is exported or all are constants.</summary>
    internal static GraphBuilder? GraphOf(params ReadOnlySpan<TracedTensor> inputs)
    {
        foreach (var input in inputs)
            if (input._graph is { } graph)
                return graph;
        return null;
    }

    /// <summary>The name in a graph, as an initializer if this is a constant.</summary>
    internal string NameIn(GraphBuilder graph) =>
        Name ?? graph.Initializer(GraphBuilder.Join(graph.CurrentScope, "constant"), Value);

    /// <summary>The name of the value as another type.</summary>
    private string NameIn(GraphBuilder graph, ScalarType type)
    {
        if (Value.dtype == type)
            return NameIn(graph);
        if (Name is null)
            return new TracedTensor(Value.to(type)).NameIn(graph);
        var name = ScopedName(graph, "Cast");
        return graph.Cast(name, Name, Tensors.TypeOf(type, name));
    }

    /// <summary>The result of an operator.</summary>
    private static TracedTensor Traced(string operatorType, Tensor result, ReadOnlySpan<TracedTensor> inputs,
        params ReadOnlySpan<AttributeProto> attributes)
    {
        if (GraphOf(inputs) is not { } graph)
            return new TracedTensor(result);
        var names = new List<string>();
        foreach (var input in inputs)
            names.Add(input.NameIn(graph));
        return Record(graph, operatorType, result, graph.Add(operatorType, ScopedName(graph, operatorType), names, attributes));
    }

    /// <summary>The result of an operator that needs more than its inputs: <paramref name="add"/> gets the graph, a name and the input's
    /// name.</summary>
    private TracedTensor Traced(string operatorType, Tensor result, Func<GraphBuilder, string, string, string> add) =>
        _graph is { } graph
            ? Record(graph, operatorType, result, add(graph, ScopedName(graph, operatorType), NameIn(graph)))
            : new TracedTensor(result);

    private static TracedTensor Record(GraphBuilder graph, string operatorType, Tensor result, string value)
    {
        graph.Randomness.Check();
        graph.Steps.Add(new Step(ScopedName(graph, operatorType), operatorType, value, result));
        return new TracedTensor(result, graph, value);
    }

    private static string ScopedName(GraphBuilder graph, string operatorType) =>
        GraphBuilder.Join(graph.CurrentScope, char.ToLowerInvariant(operatorType[0]) + operatorType[1..]);

    private long Axis(long axis) => axis < 0 ? axis + ndim : axis;

    private long[] Axes(ReadOnlySpan<long> axes)
    {
        var result = axes.Length == 0 ? new long[ndim] : new long[axes.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = axes.Length == 0 ? i : Axis(axes[i]);
        return result;
    }
}
