using GanOnnx.Onnx;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>Models that would harm the process that runs them.</summary>
internal static class HostileModels
{
    /// <summary>A loop that never ends.</summary>
    /// <param name="isTold">Whether the file shows that; else only running it does.</param>
    /// <param name="runsToLoad">Whether loading runs it, to find the range that nobody says.</param>
    public static ModelBuilder Endless(bool isTold, bool runsToLoad = false)
    {
        var body = new ModelBuilder().Input("i", DataType.Int64).Input("go on", DataType.Bool).Input("v", DataType.Float)
            .Node("Mul", ["v", "v"], "square");
        body.Model.Graph.Name = "body";
        body.Node(isTold ? "Identity" : "Equal", isTold ? ["go on"] : ["v", "v"], "again")
            .Output("again", DataType.Bool).Output("square", DataType.Float);
        var builder = TestModels.Generator(runsToLoad ? null : TestModels.Metadata);
        builder.Model.Graph.Output.Clear();
        builder.Integers("times", 1L << 62).Scalar("zero", 0)
            .Node("Loop", ["times", "", "zero"], "nothing", Graph("body", body.Model.Graph))
            .Node("Add", ["image", "nothing"], "out").Output("out", DataType.Float, "N", 3, 16, 16);
        return builder;
    }

    /// <summary>A transposed convolution that doesn't move: ONNX Runtime divides by its stride.</summary>
    public static ModelBuilder ZeroStride()
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        builder.Model.Graph.Node.Last(n => n.OpType == "ConvTranspose").Attribute.Single(a => a.Name == "strides").Ints[0] = 0;
        return builder;
    }

    /// <summary>The same through a function, whose attribute the convolution takes its strides from.</summary>
    public static ModelBuilder ZeroStrideOfAFunction()
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        var node = builder.Model.Graph.Node.Last(n => n.OpType == "ConvTranspose");
        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "f", Version = 1 });
        builder.Model.Functions.Add(new FunctionProto
        {
            Name = "Up",
            Domain = "f",
            Input = { "x", "w" },
            Output = { "y" },
            Attribute = { "step" },
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
            Node =
            {
                new NodeProto
                {
                    OpType = "ConvTranspose", Input = { "x", "w" }, Output = { "y" },
                    Attribute =
                    {
                        new AttributeProto { Name = "strides", RefAttrName = "step", Type = AttributeProto.Types.AttributeType.Ints },
                        ModelBuilder.Ints("pads", 1, 1, 1, 1),
                    },
                },
            },
        });
        (node.OpType, node.Domain) = ("Up", "f");
        node.Attribute.Clear();
        node.Attribute.Add(ModelBuilder.Ints("step", 2, 0));
        return builder;
    }

    /// <summary>A constant of more values than there is memory for, which a runtime computes while it loads.</summary>
    public static ModelBuilder HugeConstant()
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        return builder.Integers("size", 1 << 20, 1 << 20).Node("ConstantOfShape", ["size"], "huge");
    }

    /// <summary>A whole number divided by 0, which ends a process.</summary>
    public static ModelBuilder DivisionByZero() =>
        TestModels.Generator(TestModels.Metadata).Integers("one", 1).Integers("none", 0).Node("Div", ["one", "none"], "never");

    /// <summary>Functions that call each other twice: 2^24 nodes of 24 of them.</summary>
    public static ModelBuilder Doubling()
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "f", Version = 1 });
        for (var i = 0; i < 24; i++)
        {
            var (domain, called) = i == 0 ? ("", "Relu") : ("f", $"f{i - 1}");
            builder.Model.Functions.Add(new FunctionProto
            {
                Domain = "f",
                Name = $"f{i}",
                Input = { "v" },
                Output = { "w" },
                OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = "f", Version = 1 } },
                Node =
                {
                    new NodeProto { OpType = called, Domain = domain, Input = { "v" }, Output = { "u" } },
                    new NodeProto { OpType = called, Domain = domain, Input = { "u" }, Output = { "w" } },
                },
            });
        }
        builder.Node("f23", ["z"], "doubled");
        builder.Model.Graph.Node[^1].Domain = "f";
        return builder;
    }

    private static AttributeProto Graph(string name, GraphProto graph) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };
}
