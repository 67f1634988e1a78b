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
