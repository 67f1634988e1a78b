using GanOnnx.Onnx.Editing;
using Google.Protobuf;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Tests;

/// <summary>Small models, good ones, to be made worse.</summary>
internal static class Graphs
{
    /// <summary>y = relu(conv(x, w)), with weights of 27 numbers.</summary>
    public static ModelProto Convolution() => new()
    {
        IrVersion = 8,
        ProducerName = "tests",
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
        Graph = new()
        {
            Name = "g",
            Input = { Image("x") },
            Output = { Image("y") },
            Initializer = { Constants.Of("w", DataType.Float, [3, 1, 3, 3], new byte[3 * 9 * sizeof(float)]) },
            Node =
            {
                Node("Conv", ["x", "w"], "c", Attributes.Attribute("kernel_shape", [3L, 3]), Attributes.Attribute("strides", [1L, 1])),
                Node("Relu", ["c"], "y"),
            },
        },
    };

    /// <summary>y = x · w, with weights of more than a page, which may lie outside.</summary>
    /// <param name="value">Every weight's.</param>
    public static ModelProto Product(float value = 1)
    {
        var weights = new float[64 * 64];
        Array.Fill(weights, value);
        return new()
        {
            IrVersion = 8,
            ProducerName = OnnxModel.Producer,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
            Graph = new()
            {
                Name = "g",
                Input = { Value("x", 1, 64) },
                Output = { Value("y", 1, 64) },
                Initializer = { Constants.Of("w", DataType.Float, [64, 64],
                    System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(weights)) },
                Node = { Node("MatMul", ["x", "w"], "y") },
            },
        };
    }

    /// <summary>A graph within a node, and a function.</summary>
    public static ModelProto WithABranchAndAFunction()
    {
        var model = Convolution();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "f", Version = 1 });
        model.Functions.Add(new FunctionProto
        {
            Domain = "f",
            Name = "Twice",
            Input = { "v" },
            Output = { "w" },
            Node = { Node("Relu", ["v"], "u"), Node("Relu", ["u"], "w") },
        });
        model.Graph.Node.Add(new NodeProto { OpType = "Twice", Domain = "f", Input = { "y" }, Output = { "y2" } });
        model.Graph.Node.Add(Node("If", ["x"], "i", new AttributeProto
        {
            Name = "then_branch",
            Type = AttributeProto.Types.AttributeType.Graph,
            G = new() { Name = "branch", Node = { Node("Relu", ["c"], "b") }, Output = { Value("b", 1) } },
        }));
        return model;
    }

    public static NodeProto Node(string type, string[] inputs, string output, params AttributeProto[] attributes) =>
        new() { OpType = type, Name = $"{type.ToLowerInvariant()}1", Input = { inputs }, Output = { output }, Attribute = { attributes } };

    public static ValueInfoProto Value(string name, params long[] shape) => new()
    {
        Name = name,
        Type = new()
        {
            TensorType = new()
            {
                ElemType = (int)DataType.Float,
                Shape = new() { Dim = { shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }) } },
            },
        },
    };

    /// <summary>Saves a model as it is.</summary>
    public static string Save(this ModelProto model, string path)
    {
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private static ValueInfoProto Image(string name) => Value(name, 1, 1, 8, 8);
}
