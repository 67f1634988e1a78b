using GanOnnx.Onnx.Editing;
using Google.Protobuf;
using static GanOnnx.Onnx.AttributeProto.Types;

namespace GanOnnx.Onnx.Tests;

/// <summary>Models as text.</summary>
public sealed class TextTests
{
    [Test]
    public void Model_AsText_HasALineForEachPart() => Assert.That(new OnnxModel(Graphs.Convolution()).ToString(), Is.EqualTo("""
        ir 8, opset :17, by tests
        graph g
          input x float [1, 1, 8, 8]
          initializer w float [3, 1, 3, 3]
          conv1: c = Conv(x, w) { kernel_shape = [3, 3], strides = [1, 1] }
          relu1: y = Relu(c)
          output y float [1, 1, 8, 8]

        """.ReplaceLineEndings("\n")));

    [Test]
    public void Model_OfAStranger_HasAllKindsOfAttributes()
    {
        var model = new ModelProto
        {
            IrVersion = 10,
            ProducerName = "\u001b[31m",
            Graph = new()
            {
                Name = "g",
                Input = { new ValueInfoProto { Name = "q", Type = new() { SequenceType = new() } },
                    new ValueInfoProto { Name = "untyped" } },
                Node =
                {
                    new NodeProto
                    {
                        Name = "n", OpType = "Own", Domain = "d", Output = { "v" },
                        Attribute =
                        {
                            new AttributeProto { Name = "floats", Type = AttributeType.Floats, Floats = { 0.5f, 2 } },
                            Attributes.Attribute("strings", ["a", "b"]),
                            new AttributeProto { Name = "tensor", Type = AttributeType.Tensor,
                                T = Graphs.Convolution().Graph.Initializer[0] },
                            new AttributeProto { Name = "graph", Type = AttributeType.Graph,
                                G = new() { Name = "inner", Node =
                                { new NodeProto { Name = "i", OpType = "Relu", Input = { "v" }, Output = { "w" } } } } },
                            new AttributeProto { Name = "later", Type = (AttributeType)99 },
                        },
                    },
                },
            },
            Functions = { new FunctionProto { Domain = "d", Name = "Own", Input = { "a" }, Output = { "b" },
                Node = { new NodeProto { Name = "f", OpType = "Relu", Input = { "a" }, Output = { "b" } } } } },
        };

        Assert.That(new OnnxModel(ModelProto.Parser.ParseFrom(model.ToByteArray())).ToString(), Is.EqualTo("""
            ir 10, opset , by \u001b[31m
            graph g
              input q SequenceType
              input untyped None
              n: v = d.Own() { floats = [0.5, 2], strings = ["a", "b"], tensor = w float [3, 1, 3, 3], graph = graph, later = 99 }
                graph inner
                  i: w = Relu(v)
            function d:Own(a) gives b
              f: b = Relu(a)

            """.ReplaceLineEndings("\n")));
    }
}
