using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using static GanOnnx.Onnx.Editing.Attributes;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Passes;

/// <summary>Turns the graph's image from float32 [N, C, H, W] in −1 … 1 into uint8 [N, H, W, C]: trunc(clamp(127.5 x + 128, 0,
/// 255)).</summary>
internal static class ByteImages
{
    /// <summary>Whether a graph's only output may be such an image.</summary>
    public static bool CanApply(GraphProto graph) =>
        graph.Output is [{ Type.TensorType: { ElemType: (int)DataType.Float, Shape.Dim.Count: 4 } }];

    public static void Apply(GraphProto graph)
    {
        var output = graph.Output[0];
        var type = output.Type.TensorType;
        var editor = new GraphEditor(graph);
        var pixels = editor.Unique($"{output.Name}.float");
        Rename(graph, output.Name, pixels);
        var scaled = Add("Mul", "scaled", [pixels, Number("scale", 127.5f)]);
        var shifted = Add("Add", "shifted", [scaled, Number("offset", 128)]);
        var clipped = Add("Clip", "clipped", [shifted, Number("low", 0), Number("high", 255)]);
        var bytes = Add("Cast", "bytes", [clipped], Attribute("to", (long)DataType.Uint8)); // first, so that a quarter is transposed
        Add("Transpose", "pixels", [bytes], Attribute("perm", [0L, 2, 3, 1]));
        Rename(graph, graph.Node[^1].Output[0], output.Name);

        var (n, c, h, w) = (type.Shape.Dim[0], type.Shape.Dim[1], type.Shape.Dim[2], type.Shape.Dim[3]);
        type.ElemType = (int)DataType.Uint8;
        type.Shape.Dim.Clear();
        type.Shape.Dim.AddRange([n, h, w, c]);

        string Number(string part, float value) =>
            editor.AddConstant($"{output.Name}.{part}", DataType.Float, [], MemoryMarshal.AsBytes([value]));

        string Add(string operatorType, string part, string[] inputs, params AttributeProto[] attributes)
        {
            var name = editor.Unique($"{output.Name}.{part}");
            graph.Node.Add(new NodeProto
            {
                OpType = operatorType,
                Name = name,
                Input = { inputs },
                Output = { name },
                Attribute = { attributes }
            });
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
}
