using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>One call of a module that is being converted: its place, what goes in and what came out for the example.</summary>
internal sealed record Layer(GraphBuilder Graph, nn.Module Module, string Path, IReadOnlyList<TracedTensor> Inputs, Tensor[] Outputs)
{
    /// <summary>The first input's name in the graph.</summary>
    public string Input => Inputs[0].NameIn(Graph);

    /// <summary>The first input's shape for the example.</summary>
    public long[] Shape => Inputs[0].shape;

    /// <summary>The first output's shape for the example.</summary>
    public long[] OutputShape => Outputs[0].shape;

    /// <summary>The path as a sentence's subject.</summary>
    public string Named => ModuleConverters.Named(Graph.PathOf(Module));

    /// <summary>A name for a part of the layer.</summary>
    public string Part(string name) => GraphBuilder.Join(Path, name);

    /// <summary>Adds an operator on the first input that is all of the layer.</summary>
    public string Add(string operatorType, params ReadOnlySpan<AttributeProto> attributes) =>
        Graph.Add(operatorType, Path, [Input], attributes);

    /// <summary>Adds an operator, named like the layer.</summary>
    public string Add(string operatorType, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        Graph.Add(operatorType, Path, inputs, attributes);

    /// <summary>Adds an operator that is a part of the layer.</summary>
    public string AddPart(string part, string operatorType, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        Graph.Add(operatorType, Part(part), inputs, attributes);

    /// <summary>A weight of the layer.</summary>
    public string Weight(string name, Tensor tensor) => Graph.Initializer(Part(name), tensor);

    /// <summary>The bias as an operator's last inputs: none where there is none.</summary>
    public IEnumerable<string> Bias(Parameter? bias) => bias is null ? [] : [Weight("bias", bias)];

    /// <summary>An error at this layer.</summary>
    public ExportException Error(string words) => new($"{Named} {words}");
}
