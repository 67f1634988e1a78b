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
        var input = new Value(options.InputName, example);
        var output = ModuleConverters.Convert(graph, module, input, path: "");
        graph.RenameOutput(output, options.OutputName);

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

    private static ValueInfoProto Describe(string name, Tensor example)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.AddRange(example.shape.Skip(1).Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        var type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } };
        return new ValueInfoProto { Name = name, Type = type };
    }
}
