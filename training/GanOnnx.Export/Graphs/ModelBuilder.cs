using GanOnnx.Export.Converters;
using GanOnnx.Export.Running;
using GanOnnx.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Graphs;

/// <summary>A traced module: the graph as traced, and what its inputs and outputs are called.</summary>
internal sealed record TracedModel(ModelProto Proto, IReadOnlyList<Step> Steps, Inputs Inputs, IReadOnlyList<string> OutputNames)
{
    /// <summary>How many axes the value of each step has.</summary>
    public IReadOnlyDictionary<string, int> Ranks { get; } =
        Steps.DistinctBy(s => s.Value).ToDictionary(s => s.Value, s => (int)s.Example.ndim, StringComparer.Ordinal);
}

/// <summary>Turns a module into ONNX's ModelProto.</summary>
internal static class ModelBuilder
{
    public static TracedModel Build(nn.Module module, Inputs inputs, OnnxExportOptions options)
    {
        var examples = inputs.Draw(inputs.TraceSizes);
        var (graph, outputs) = Trace(module, inputs, examples, options);
        var names = Names("output", options.OutputNames, outputs.Count, "OutputNames");
        CheckOutputs(outputs, names, module);
        for (var i = 0; i < outputs.Count; i++)
            Rename(graph, outputs[i], names[i], names);

        var axes = inputs.AxesOfOutputs(module, outputs);
        var model = new ModelProto
        {
            IrVersion = options.Opset switch { >= 21 => 10, >= 19 => 9, _ => 8 }, // the format's version that came with the operator set
            ProducerName = "GanOnnx",
            ProducerVersion = typeof(ModelBuilder).Assembly.GetName().Version!.ToString(3),
            Graph = graph.Proto,
        };
        model.Graph.Name = module.GetType().Name;
        model.Graph.Input.AddRange(examples.Select((e, i) => Describe(inputs.Names[i], e, inputs.OpenAxes(i))));
        model.Graph.Output.AddRange(outputs.Select((o, i) => Describe(names[i], o.Value, axes[i])));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = options.Opset });
        model.MetadataProps.AddRange(options.Metadata.Select(e => new StringStringEntryProto { Key = e.Key, Value = e.Value }));
        return new TracedModel(model, graph.Steps, inputs, names);
    }

    private static (GraphBuilder Graph, IReadOnlyList<TracedTensor> Outputs) Trace(nn.Module module, Inputs inputs,
        IReadOnlyList<Tensor> examples, OnnxExportOptions options)
    {
        try
        {
            return TraceOn(examples);
        }
        catch (ExportException)
        {
            // Once more on the caller's own examples, so that the error names their shapes.
            TraceOn(inputs.Examples);
            throw;
        }

        (GraphBuilder, IReadOnlyList<TracedTensor>) TraceOn(IReadOnlyList<Tensor> tensors)
        {
            var graph = new GraphBuilder(module, options);
            foreach (var reserved in options.OutputNames.Count > 0 ? options.OutputNames : ["output"])
                if (graph.Unique(reserved) != reserved || inputs.Names.Contains(reserved))
                    throw new ExportException($"Two of the graph's inputs and outputs are called '{reserved}'. Give each its own name.");
            var traced = tensors.Select((t, i) => new TracedTensor(t.clone(), graph, graph.Unique(inputs.Names[i]))).ToList();
            return (graph, graph.Trace(() => ModuleConverters.Convert(module, traced)));
        }
    }

    public static IReadOnlyList<string> Names(string stem, IReadOnlyList<string> given, int count, string option)
    {
        if (given.Count == 0)
            return count == 1 ? [stem] : [.. Enumerable.Range(0, count).Select(i => $"{stem}_{i}")];
        if (given.Count != count)
            throw new ExportException($"{option} has {given.Count} names for {count} tensors. Give one name for each, or none.");
        return given;
    }

    private static void CheckOutputs(IReadOnlyList<TracedTensor> outputs, IReadOnlyList<string> names, nn.Module module)
    {
        if (outputs.Count == 0)
            throw new ExportException($"{module.GetType().Name} gives no tensor. Export a module whose forward gives at least one.");
        for (var i = 0; i < outputs.Count; i++)
            if (outputs[i].Name is null)
                throw new ExportException($"The output '{names[i]}' doesn't depend on the input: it is the same for every one. Leave it "
                    + "out of what forward gives.");
    }

    /// <summary>Gives a value the graph output's name; an input, or a value that is an output already, gets an Identity.</summary>
    private static void Rename(GraphBuilder graph, TracedTensor output, string name, IReadOnlyList<string> outputNames)
    {
        var value = output.Name!;
        var producer = graph.Proto.Node.FirstOrDefault(n => n.Output.Contains(value));
        if (producer is null || outputNames.Contains(value))
        {
            graph.Proto.Node.Add(new NodeProto
            {
                OpType = "Identity",
                Name = graph.Unique($"{name}.identity"),
                Input = { value },
                Output = { name }
            });
            return;
        }
        producer.Output[producer.Output.IndexOf(value)] = name;
        foreach (var node in graph.Proto.Node)
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == value)
                    node.Input[i] = name;
        for (var i = 0; i < graph.Steps.Count; i++)
            if (graph.Steps[i].Value == value)
                graph.Steps[i] = graph.Steps[i] with { Value = name };
    }

    private static ValueInfoProto Describe(string name, Tensor example, IReadOnlyDictionary<int, string> open)
    {
        var shape = new TensorShapeProto();
        for (var axis = 0; axis < example.ndim; axis++)
            shape.Dim.Add(open.TryGetValue(axis, out var axisName)
                ? new TensorShapeProto.Types.Dimension { DimParam = axisName }
                : new TensorShapeProto.Types.Dimension { DimValue = example.shape[axis] });
        var type = new TypeProto
        {
            TensorType =
            new TypeProto.Types.Tensor { ElemType = (int)Tensors.TypeOf(example.dtype, name), Shape = shape }
        };
        return new ValueInfoProto { Name = name, Type = type };
    }
}
