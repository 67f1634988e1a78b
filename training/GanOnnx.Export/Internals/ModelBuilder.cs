using System.Reflection;
using GanOnnx.Export.Converters;
using GanOnnx.Export.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export.Internals;

/// <summary>Turns a module into ONNX's ModelProto.</summary>
internal static class ModelBuilder
{
    private const int IrVersion = 8; // the format's version that came with operator set 17

    public static ModelProto Build(nn.Module<Tensor, Tensor> module, Tensor example, OnnxExportOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var graph = new GraphBuilder();
        var input = new Value(options.InputName, example.clone()); // an in-place activation may change it
        var output = ModuleConverters.Convert(graph, module, input, path: "");
        CheckBatch(example.shape, output.Example.shape);
        graph.RenameOutput(output, options.OutputName);
        CheckNames(graph.Proto, options);

        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "GanOnnx",
            ProducerVersion = typeof(ModelBuilder).Assembly.GetName().Version!.ToString(3),
            Graph = graph.Proto,
        };
        model.Graph.Name = module.GetType().Name;
        model.Graph.Input.Add(Describe(options.InputName, example));
        model.Graph.Output.Add(Describe(options.OutputName, output.Example));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OnnxExporter.Opset });
        model.MetadataProps.AddRange(options.Metadata.Select(e => new StringStringEntryProto { Key = e.Key, Value = e.Value }));
        return model;
    }

    private static void CheckBatch(long[] input, long[] output)
    {
        if (output.Length == 0 || output[0] != input[0])
            throw new ExportException($"The output [{string.Join(", ", output)}] of the input [{string.Join(", ", input)}] has not the batch as its first axis. Leave that axis out of what the module flattens.");
    }

    private static void CheckNames(GraphProto graph, OnnxExportOptions options)
    {
        var names = graph.Node.Select(n => n.Output[0]).Concat(graph.Initializer.Select(i => i.Name)).Append(options.InputName);
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ExportException($"Two values of the graph are called '{twice.Key}'. Rename the module, or give another InputName or OutputName.");
    }

    private static ValueInfoProto Describe(string name, Tensor example)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.AddRange(example.shape.Skip(1).Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        var type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } };
        return new ValueInfoProto { Name = name, Type = type };
    }
}
