using GanOnnx.Export.Internals;
using GanOnnx.Export.Onnx;
using TorchSharp;
using static GanOnnx.Export.Internals.GraphBuilder;
using static TorchSharp.torch;

namespace GanOnnx.Export.Passes;

/// <summary>Turns the graph's image from float32 [N, C, H, W] in −1 … 1 into uint8 [N, H, W, C]: trunc(clamp(127.5 x + 128, 0, 255)).</summary>
internal static class ByteImages
{
    public static void Apply(ModelProto model)
    {
        var graph = model.Graph;
        var output = graph.Output[0];
        var shape = output.Type.TensorType.Shape.Dim;
        if (graph.Output.Count != 1 || shape.Count != 4)
            throw new ExportException("ByteImages needs a module whose only output is an image of [N, C, H, W]. Export the image alone.");

        var name = output.Name;
        var pixels = $"{name}.float";
        foreach (var node in graph.Node)
            for (var i = 0; i < node.Output.Count; i++)
                if (node.Output[i] == name)
                    node.Output[i] = pixels;
        Number("scale", 127.5f);
        Number("offset", 128);
        Number("low", 0);
        Number("high", 255);
        Node("Mul", "scaled", [pixels, $"{name}.scale"]);
        Node("Add", "shifted", [$"{name}.scaled", $"{name}.offset"]);
        Node("Clip", "clipped", [$"{name}.shifted", $"{name}.low", $"{name}.high"]);
        Node("Cast", "bytes", [$"{name}.clipped"], Attribute("to", (long)TensorProto.Types.DataType.Uint8));
        var last = Node("Transpose", "pixels", [$"{name}.bytes"], Attribute("perm", [0L, 2, 3, 1]));
        last.Output[0] = name;

        output.Type.TensorType.ElemType = (int)TensorProto.Types.DataType.Uint8;
        TensorShapeProto.Types.Dimension[] axes = [shape[0], shape[2], shape[3], shape[1]];
        shape.Clear();
        shape.AddRange(axes);

        void Number(string part, float value) => graph.Initializer.Add(
            Tensors.ToProto($"{name}.{part}", TensorProto.Types.DataType.Float, [], System.Runtime.InteropServices.MemoryMarshal.AsBytes([value])));

        NodeProto Node(string type, string part, string[] inputs, params AttributeProto[] attributes)
        {
            var node = new NodeProto { OpType = type, Name = $"{name}.{part}", Input = { inputs }, Output = { $"{name}.{part}" }, Attribute = { attributes } };
            graph.Node.Add(node);
            return node;
        }
    }

    /// <summary>What the graph should give for the module's image.</summary>
    public static Tensor Expected(Tensor image) =>
        (image * 127.5 + 128).clamp(0, 255).to(uint8).permute(0, 2, 3, 1);
}
