using GanOnnx.Export.Graphs;
using GanOnnx.Export.Running;
using GanOnnx.Export.Tests.Fixtures;
using GanOnnx.Onnx;
using GanOnnx.Onnx.Passes.Folding;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>What converters compute from weights; custom modules compute it when they are traced.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConstantFoldingTests
{
    private readonly GraphBuilder _graph = new(ReLU(), new OnnxExportOptions());

    private GraphProto Folded(string output)
    {
        var model = new ModelProto { IrVersion = 8, Graph = _graph.Proto };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Name = "constants";
        model.Graph.Output.Add(new ValueInfoProto { Name = output });
        ConstantFolding.Apply(model, LoadedModel.Compute);
        return model.Graph;
    }

    /// <summary>ONNX Runtime divides by it, which ends the process.</summary>
    [Test]
    public void WhatWouldHarmThisProcess_IsNotLoaded()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        OnnxExporter.Export(ConvTranspose2d(2, 2, 2, stride: 2).Ready(), zeros([1, 2, 4, 4]), folder["m.onnx"]);
        var model = OnnxFile.Read(folder["m.onnx"]);
        model.Graph.Node.Single(n => n.OpType == "ConvTranspose").Attribute.Single(a => a.Name == "strides").Ints[0] = 0;

        Assert.That(() => LoadedModel.From(model), Throws.TypeOf<ExportException>().With.Message.Contains("the strides [0, 2]"));
    }

    [Test]
    public void WhatDependsOnConstantsAlone_IsAConstant()
    {
        using var scope = NewDisposeScope();
        var weight = Modules.Draw([2, 3], 1);
        var half = _graph.WithNumber("Mul", "half", _graph.Transpose("turned", _graph.Initializer("weight", weight), [1, 0]), 0.5);
        var output = _graph.Add("MatMul", "product", ["x", half]);

        var graph = Folded(output);

        Assert.That(graph.Node.Select(n => n.Name), Is.EqualTo(new[] { "product" }));
        var constant = graph.Initializer.Single();
        Assert.That((constant.Name, constant.Dims), Is.EqualTo(("half", new long[] { 3, 2 })));
        Assert.That(constant.RawData.ToByteArray(), Is.EqualTo((weight.t() * 0.5f).contiguous().bytes.ToArray()));
    }

    [Test]
    public void WhatIsMuchLargerThanItsConstants_IsLeftToTheRun()
    {
        var shape = _graph.Initializer("shape", 100, 100);
        var output = _graph.Add("Add", "sum", ["x", _graph.Add("Expand", "large", [_graph.Scalar("one", 1), shape])]);

        var graph = Folded(output);

        Assert.That(graph.Node.Select(n => n.OpType), Is.EqualTo(new[] { "Expand", "Add" }));
    }

    [Test]
    public void RandomNumbers_AreDrawnInEveryRun()
    {
        using var scope = NewDisposeScope();
        var noise = _graph.Add("RandomNormalLike", "noise", [_graph.Initializer("like", Modules.Draw([2], 1))]);
        var output = _graph.Add("Add", "sum", ["x", noise]);

        Assert.That(Folded(output).Node, Has.Count.EqualTo(2));
    }
}
