using GanOnnx.Export.Graphs;
using GanOnnx.Onnx.Editing;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;

namespace GanOnnx.Export.Converters;

/// <summary>Layers that are a product with a matrix.</summary>
internal static class Linears
{
    public static string Linear(Layer layer, Linear module)
    {
        if (layer.Shape.Length == 2)
            return layer.Add("Gemm", [layer.Input, layer.Weight("weight", module.weight), .. layer.Bias(module.bias)],
                Attribute("transB", 1));
        using var scope = torch.NewDisposeScope();
        List<string> inputs = [layer.Input, layer.Weight("weight_transposed", module.weight.t())];
        return module.bias is null
            ? layer.Add("MatMul", inputs)
            : layer.Add("Add", [layer.AddPart("product", "MatMul", inputs), .. layer.Bias(module.bias)]);
    }

    /// <summary>x1ᵀ W x2 for each output: the product with W as one matrix, then with the second input.</summary>
    public static string Bilinear(Layer layer, Bilinear module)
    {
        using var scope = torch.NewDisposeScope();
        var (graph, leading) = (layer.Graph, layer.Shape.Length - 1);
        var matrix = module.weight.permute(1, 0, 2).reshape(module.in1_features, -1);
        var products = layer.AddPart("products", "MatMul", [layer.Input, layer.Weight("weight_matrix", matrix)]);
        var rows = graph.Reshape(layer.Part("rows"), products,
            [.. Enumerable.Repeat(Ops.Reshape.Keep, leading), module.out_features, module.in2_features]);
        var column = graph.Unsqueeze(layer.Part("column"), layer.Inputs[1].NameIn(graph), leading + 1);
        var outputs = layer.AddPart("outputs", "MatMul", [rows, column]);
        return module.bias is null
            ? graph.Squeeze(layer.Path, outputs, leading + 1)
            : layer.Add("Add", [graph.Squeeze(layer.Part("squeeze"), outputs, leading + 1), .. layer.Bias(module.bias)]);
    }
}
