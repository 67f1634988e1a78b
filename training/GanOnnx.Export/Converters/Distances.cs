using GanOnnx.Export.Graphs;
using TorchSharp.Modules;

namespace GanOnnx.Export.Converters;

/// <summary>How alike two inputs are.</summary>
internal static class Distances
{
    /// <summary>x1 · x2 / (‖x1‖ ‖x2‖) along an axis, each norm at least epsilon.</summary>
    public static string CosineSimilarity(Layer layer, CosineSimilarity module)
    {
        var graph = layer.Graph;
        var (first, second) = (layer.Input, layer.Inputs[1].NameIn(graph));
        var axis = Shapes.Axis(module.dim, layer.Shape);
        if (layer.Inputs[1].ndim != layer.Shape.Length || layer.Inputs[1].shape[axis] != layer.Shape[axis])
            throw layer.Error($"compares {Shapes.Text(layer.Shape)} with {Shapes.Text(layer.Inputs[1].shape)}; inputs with the same "
                + $"number of axes, and one size along axis {axis}, can be exported.");
        var product = graph.Reduce("ReduceSum", layer.Part("product"), layer.AddPart("products", "Mul", [first, second]), [axis],
            keep: false);
        var norms = layer.AddPart("norms", "Mul", [Norm("norm1", first), Norm("norm2", second)]);
        return layer.Add("Div", [product, norms]);

        string Norm(string part, string input) =>
            graph.Clip(layer.Part(part), graph.Reduce("ReduceL2", layer.Part($"{part}.length"), input, [axis], keep: false),
                (float)module.eps, null);
    }

    /// <summary>The p-norm of x1 − x2 + ε along the last axis.</summary>
    public static string PairwiseDistance(Layer layer, PairwiseDistance module)
    {
        var graph = layer.Graph;
        var difference = graph.WithNumber("Add", layer.Part("shifted"),
            layer.AddPart("difference", "Sub", [layer.Input, layer.Inputs[1].NameIn(graph)]), module.eps);
        long[] axis = [Math.Max(layer.Shape.Length, layer.Inputs[1].ndim) - 1];
        return module.norm switch
        {
            1 => graph.Reduce("ReduceL1", layer.Path, difference, axis, module.keepdim),
            2 => graph.Reduce("ReduceL2", layer.Path, difference, axis, module.keepdim),
            double.PositiveInfinity => graph.Reduce("ReduceMax", layer.Path, Absolute(), axis, module.keepdim),
            double.NegativeInfinity => graph.Reduce("ReduceMin", layer.Path, Absolute(), axis, module.keepdim),
            0 => throw layer.Error("counts the differences that aren't 0 (a norm of 0), which rounding decides. Give another norm."),
            var p => graph.WithNumber("Pow", layer.Path,
                graph.Reduce("ReduceSum", layer.Part("sum"), graph.WithNumber("Pow", layer.Part("powers"), Absolute(), p), axis,
                module.keepdim), 1 / p),
        };

        string Absolute() => layer.AddPart("absolute", "Abs", [difference]);
    }
}
