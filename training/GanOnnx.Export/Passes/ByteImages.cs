using System.Runtime.InteropServices;
using GanOnnx.Export.Onnx;
using TorchSharp;
using static GanOnnx.Export.Internals.GraphBuilder;
using static GanOnnx.Export.Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace GanOnnx.Export.Passes;

/// <summary>Turns the graph's image from float32 [N, C, H, W] in −1 … 1 into uint8 [N, H, W, C]: trunc(clamp(127.5 x + 128, 0, 255)).</summary>
internal static class ByteImages
{
    public static void Apply(ModelProto model)
    {
        var output = model.Graph.Output[0];
        var type = output.Type.TensorType;
        if (model.Graph.Output.Count != 1 || type.Shape.Dim.Count != 4 || type.ElemType != (int)DataType.Float)
            throw new ExportException("ByteImages needs a module whose only output is a float32 image of [N, C, H, W]. Export the image alone.");

        var graph = new GraphEditor(model.Graph);
        var pixels = graph.Unique($"{output.Name}.float");
        Rename(model.Graph, output.Name, pixels);
        var scaled = Add("Mul", "scaled", [pixels, Number("scale", 127.5f)]);
        var shifted = Add("Add", "shifted", [scaled, Number("offset", 128)]);
        var clipped = Add("Clip", "clipped", [shifted, Number("low", 0), Number("high", 255)]);
        var bytes = Add("Cast", "bytes", [clipped], Attribute("to", (long)DataType.Uint8)); // first, so that a quarter is transposed
        Add("Transpose", "pixels", [bytes], Attribute("perm", [0L, 2, 3, 1]));
        Rename(model.Graph, model.Graph.Node[^1].Output[0], output.Name);

        var (n, c, h, w) = (type.Shape.Dim[0], type.Shape.Dim[1], type.Shape.Dim[2], type.Shape.Dim[3]);
        type.ElemType = (int)DataType.Uint8;
        type.Shape.Dim.Clear();
        type.Shape.Dim.AddRange([n, h, w, c]);

        string Number(string part, float value) =>
            graph.AddConstant($"{output.Name}.{part}", DataType.Float, [], MemoryMarshal.AsBytes([value]));

        string Add(string operatorType, string part, string[] inputs, params AttributeProto[] attributes)
        {
            var name = graph.Unique($"{output.Name}.{part}");
            model.Graph.Node.Add(new NodeProto { OpType = operatorType, Name = name, Input = { inputs }, Output = { name }, Attribute = { attributes } });
            return name;
        }
    }

    private static void Rename(GraphProto graph, string from, string to)
    {
        foreach (var values in graph.Node.SelectMany(n => new[] { n.Input, n.Output }))
            for (var i = 0; i < values.Count; i++)
                if (values[i] == from)
                    values[i] = to;
    }

    /// <summary>What the graph should give for the module's image.</summary>
    public static Tensor Expected(Tensor image) =>
        (image * 127.5 + 128).clamp(0, 255).to(uint8).permute(0, 2, 3, 1);
}
