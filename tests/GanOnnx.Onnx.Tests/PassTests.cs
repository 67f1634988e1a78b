using System.Runtime.InteropServices;
using GanOnnx.Onnx.Editing;
using GanOnnx.Onnx.Passes;
using GanOnnx.Onnx.Passes.Folding;
using GanOnnx.Onnx.Passes.Precision;
using static GanOnnx.Onnx.Editing.Attributes;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Onnx.Tests;

/// <summary>What the passes make of a graph; that the numbers stay is shown where there is a runtime, by the exporter's tests.</summary>
public sealed class PassTests
{
    private static readonly Dictionary<string, int> _noRanks = [];

    private static string[] Nodes(GraphProto graph) =>
        [.. graph.Node.Select(n => $"{n.Output[0]} = {n.OpType}({string.Join(", ", n.Input)})")];

    private static GraphProto Graph(TensorProto[] constants, params NodeProto[] nodes) => new()
    {
        Name = "g",
        Input = { Graphs.Value("x", 1, 4, 2, 2) },
        Output = { Graphs.Value("y", 1, 4, 2, 2) },
        Initializer = { constants },
        Node = { nodes },
    };

    private static TensorProto Integers(string name, params long[] values) =>
        Constants.Of(name, DataType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values));

    private static TensorProto Floats(string name, long[] shape, params float[] values) =>
        Constants.Of(name, DataType.Float, shape, MemoryMarshal.AsBytes<float>(values));

    private static NodeProto Node(string type, string output, string[] inputs, params AttributeProto[] attributes) =>
        new() { OpType = type, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes } };

    [Test]
    public void Simplification_TakesOutWhatDoesNothing()
    {
        var graph = Graph([Integers("none", 0, 0, 0, 0, 0, 0, 0, 0)],
            Node("Identity", "a", ["x"]), Node("Transpose", "b", ["a"], Attribute("perm", [0L, 1, 2, 3])), Node("Pad", "c", ["b", "none"]),
                Node("Relu", "y", ["c"]), Node("Exp", "unused", ["b"]));

        Simplification.Apply(graph, _noRanks);

        Assert.That(Nodes(graph), Is.EqualTo(new[] { "y = Relu(x)" }));
        Assert.That(graph.Initializer, Is.Empty);
    }

    [Test]
    public void Simplification_MergesChains()
    {
        var graph = Graph([Integers("flat", 0, -1), Integers("image", 0, 4, 2, 2)],
            Node("Transpose", "a", ["x"], Attribute("perm", [0L, 2, 3, 1])),
                Node("Transpose", "b", ["a"], Attribute("perm", [0L, 2, 1, 3])),
            Node("Reshape", "c", ["b", "flat"]), Node("Reshape", "y", ["c", "image"]));

        Simplification.Apply(graph, _noRanks);

        Assert.That(Nodes(graph), Is.EqualTo(new[] { "b = Transpose(x)", "y = Reshape(b, image)" }));
        Assert.That(graph.Node[0].Integers("perm"), Is.EqualTo(new long[] { 0, 3, 2, 1 }));
    }

    [Test]
    public void Simplification_FoldsAScaleIntoTheWeights()
    {
        var graph = Graph([Floats("w", [4, 4, 1, 1], [.. Enumerable.Range(0, 16).Select(i => (float)i)]),
            Floats("scale", [4, 1, 1], 1, 2, 3, 4)],
            Node("Conv", "a", ["x", "w"]), Node("Mul", "y", ["a", "scale"]));

        Simplification.Apply(graph, _noRanks);

        Assert.That(Nodes(graph), Is.EqualTo(new[] { "y = Conv(x, w)" }));
        Assert.That(MemoryMarshal.Cast<byte, float>(graph.Initializer.Single().RawData.Span).ToArray(),
            Is.EqualTo(Enumerable.Range(0, 16).Select(i => (float)(i * (i / 4 + 1)))));
    }

    [Test]
    public void ConstantFolding_AsksOnlyForWhatTheRestNeeds()
    {
        var model = new ModelProto
        {
            Graph = Graph([Floats("one", [1], 1)], Node("Neg", "a", ["one"]), Node("Exp", "b", ["a"]), Node("Log", "unused", ["b"]),
                Node("Add", "y", ["x", "b"])),
        };
        var asked = new List<string[]>();

        ConstantFolding.Apply(model, part =>
        {
            asked.Add(Nodes(part.Graph));
            return [Floats("b", [1], 0.5f)];
        });

        Assert.That(asked, Is.EqualTo(new[] { new[] { "a = Neg(one)", "b = Exp(a)" } }));
        Assert.That(Nodes(model.Graph), Is.EqualTo(new[] { "y = Add(x, b)" }));
        Assert.That(model.Graph.Initializer.Select(i => i.Name), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void Deduplication_KeepsOneOfEqualConstants()
    {
        var graph = Graph([Floats("a", [1], 1), Floats("b", [1], 1), Floats("c", [], 1)], Node("Sum", "y", ["x", "a", "b", "c"]));

        Deduplication.Apply(graph);

        Assert.That(Nodes(graph), Is.EqualTo(new[] { "y = Sum(x, a, a, c)" }));
        Assert.That(graph.Initializer.Select(i => i.Name), Is.EqualTo(new[] { "a", "c" }));
    }

    [Test]
    public void HalfPrecision_CastsAtTheEdges()
    {
        var graph = Graph([Floats("w", [4, 4, 16, 16], new float[4096])], Node("Conv", "a", ["x", "w"]), Node("Exp", "y", ["a"]));
        var ranges = new[] { "x", "w", "a", "y" }.ToDictionary(name => name, _ => new ValueRange(1, 16));

        HalfPrecision.Apply(graph, ranges);

        Assert.That(graph.Node.Select(n => n.OpType), Is.EqualTo(new[] { "Cast", "Conv", "Cast", "Exp" }));
        Assert.That((DataType)graph.Initializer.Single().DataType, Is.EqualTo(DataType.Float16));
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public void ByteImages_AreOfOneOutput(int outputs, bool expected)
    {
        var graph = Graph([], Node("Relu", "y", ["x"]));
        graph.Output.Add(Enumerable.Repeat(Graphs.Value("z", 1, 4, 2, 2), outputs - 1));

        Assert.That(ByteImages.CanApply(graph), Is.EqualTo(expected));
    }
}
