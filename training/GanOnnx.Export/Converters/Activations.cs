using GanOnnx.Export.Graphs;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;

namespace GanOnnx.Export.Converters;

/// <summary>Functions of each value, and of values along one axis.</summary>
internal static class Activations
{
    public static string Glu(Layer layer, GLU module)
    {
        var halves = layer.Graph.SplitInHalves(layer.Part("halves"), layer.Input, Shapes.Axis(module.dim, layer.Shape));
        return layer.Add("Mul", [halves[0], layer.AddPart("gate", "Sigmoid", [halves[1]])]);
    }

    /// <summary>Limits values, if the module does: out of place, TorchSharp 0.106 gives its input back as it is.</summary>
    public static string Hardtanh(Layer layer, Hardtanh module)
    {
        using var scope = torch.NewDisposeScope();
        var limits = module.call(torch.tensor(new[] { (float)module.max_val + 1 })).item<float>() <= (float)module.max_val;
        return limits ? layer.Graph.Clip(layer.Path, layer.Input, (float)module.min_val, (float)module.max_val) : layer.Input;
    }

    public static string LogSigmoid(Layer layer) =>
        layer.Add("Neg", [layer.AddPart("softplus", "Softplus", [layer.AddPart("negative", "Neg", [layer.Input])])]);

    public static string Mish(Layer layer) =>
        layer.Add("Mul", [layer.Input, layer.AddPart("tanh", "Tanh", [layer.AddPart("softplus", "Softplus", [layer.Input])])]);

    /// <summary>A slope for all, or one for each of axis 1.</summary>
    public static string PRelu(Layer layer, PReLU module)
    {
        using var scope = torch.NewDisposeScope();
        var slope = module.num_parameters == 1 || layer.Shape.Length <= 2
            ? layer.Weight("weight", module.weight)
            : layer.Weight("slope", module.weight.reshape([module.num_parameters, .. Enumerable.Repeat(1L, layer.Shape.Length - 2)]));
        return layer.Add("PRelu", [layer.Input, slope]);
    }

    public static string Silu(Layer layer) => layer.Add("Mul", [layer.Input, layer.AddPart("sigmoid", "Sigmoid", [layer.Input])]);

    public static string Softmin(Layer layer, Softmin module) =>
        layer.Add("Softmax", [layer.AddPart("negative", "Neg", [layer.Input])], Along(layer, module.dim));

    /// <summary>ln(1 + e^βx) / β, and x itself above a threshold of βx.</summary>
    public static string Softplus(Layer layer, Softplus module)
    {
        // Above 17 the logarithm is x to the last bit of a float.
        if (module is { beta: 1, threshold: >= 17 })
            return layer.Add("Softplus");
        var graph = layer.Graph;
        var scaled = graph.WithNumber("Mul", layer.Part("scaled"), layer.Input, module.beta);
        var softplus = layer.AddPart("softplus", "Softplus", [scaled]);
        if (module.threshold >= 17)
            return graph.WithNumber("Div", layer.Path, softplus, module.beta);
        return layer.Add("Where",
        [
            graph.WithNumber("Greater", layer.Part("above"), scaled, module.threshold),
            layer.Input,
            graph.WithNumber("Div", layer.Part("below"), softplus, module.beta),
        ]);
    }

    public static string Tanhshrink(Layer layer) => layer.Add("Sub", [layer.Input, layer.AddPart("tanh", "Tanh", [layer.Input])]);

    public static string Threshold(Layer layer, Threshold module) =>
        layer.Add("Where",
        [
            layer.Graph.WithNumber("Greater", layer.Part("above"), layer.Input, module.threshold),
            layer.Input,
            layer.Graph.Scalar(layer.Part("value"), (float)module.value),
        ]);

    /// <summary>Softmax's axis, counted from 0.</summary>
    public static Onnx.AttributeProto Along(Layer layer, long dim) => Attribute("axis", Shapes.Axis(dim, layer.Shape));
}
