using GanOnnx.Export.Graphs;
using GanOnnx.Onnx.Editing;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>Layers that bring values to a common mean and variance.</summary>
internal static class Normalization
{
    public static string BatchNorm(Layer layer, BatchNorm module)
    {
        if (module.running_mean is not { } mean || module.running_var is not { } variance)
            throw layer.Error("keeps no running statistics, so its output depends on the batch. Make it with track_running_stats.");
        return WithStatistics(layer, module, mean, variance);
    }

    /// <summary>By each sample's own statistics, or by the tracked ones, which is a batch normalization.</summary>
    public static string InstanceNorm(Layer layer, InstanceNorm module)
    {
        if (module.track_running_stats)
            return WithStatistics(layer, module, module.running_mean!, module.running_var!);
        using var scope = NewDisposeScope();
        return layer.Add("InstanceNormalization", [layer.Input, Weight(layer, module), Bias(layer, module)],
            Attribute("epsilon", (float)module.eps));
    }

    public static string LayerNorm(Layer layer, LayerNorm module)
    {
        using var scope = NewDisposeScope();
        var weight = layer.Weight("weight", module.elementwise_affine ? module.weight : ones(module.normalized_shape));
        var bias = module.bias is null ? null : layer.Weight("bias", module.bias);
        return layer.Graph.LayerNorm(layer.Path, layer.Input, weight, bias, layer.Shape.Length - module.normalized_shape.Length,
            layer.Shape.Length, module.eps);
    }

    /// <summary>
    /// Each group as one channel of an instance normalization, then the weights. ONNX's own GroupNormalization scales by
    /// group before operator set 21, and ONNX Runtime has no kernel for it.
    /// </summary>
    public static string GroupNorm(Layer layer, GroupNorm module)
    {
        using var scope = NewDisposeScope();
        var (graph, groups, channels) = (layer.Graph, module.num_groups, layer.Shape[1]);
        var epsilon = Attribute("epsilon", (float)module.eps);
        if (groups == channels)
            return layer.Add("InstanceNormalization", [
                layer.Input,
                layer.Weight("weight", module.weight ?? ones([channels])),
                layer.Weight("bias", module.bias ?? zeros([channels])),
            ], epsilon);

        var grouped = graph.Reshape(layer.Part("groups"), layer.Input, Ops.Reshape.Keep, groups, Ops.Reshape.Infer);
        var normalized = layer.AddPart("normalized", "InstanceNormalization",
            [grouped, layer.Weight("ones", ones([groups])), layer.Weight("zeros", zeros([groups]))], epsilon);
        if (module.weight is null)
            return Ungrouped(layer, layer.Path, normalized);
        var channelwise = Ungrouped(layer, layer.Part("channels"), normalized);
        long[] aligned = [channels, .. Enumerable.Repeat(1L, layer.Shape.Length - 2)];
        var scaled = layer.AddPart("scaled", "Mul", [channelwise, layer.Weight("scale", module.weight.reshape(aligned))]);
        return layer.Add("Add", [scaled, layer.Weight("shift", module.bias!.reshape(aligned))]);
    }

    private static string Ungrouped(Layer layer, string name, string grouped) => layer.Graph.MayHaveOpenSizes
        ? layer.Graph.ReshapeLike(name, grouped, layer.Input)
        : layer.Graph.Reshape(name, grouped, [Ops.Reshape.Keep, .. layer.Shape[1..]]);

    /// <summary>
    /// x / (k + α/size · the sum of the neighbouring channels' squares)^β. The sum is a 1×1 convolution: ONNX's LRN has
    /// the window of an even size the other way round, and ONNX Runtime takes only odd ones on four axes.
    /// </summary>
    public static string LocalResponseNorm(Layer layer, LocalResponseNorm module)
    {
        if (module.size % 2 == 1 && layer.Shape.Length == 4)
            return layer.Add("LRN", Attribute("alpha", (float)module.alpha), Attribute("beta", (float)module.beta),
                Attribute("bias", (float)module.k), Attribute("size", module.size));
        using var scope = NewDisposeScope();
        var channels = layer.Shape[1];
        var neighbours = ones(channels, channels).triu(-(module.size / 2)).tril((module.size - 1) / 2);
        var kernel = (neighbours * (module.alpha / module.size)).reshape(
            [channels, channels, .. Enumerable.Repeat(1L, layer.Shape.Length - 2)]);
        var square = layer.AddPart("square", "Mul", [layer.Input, layer.Input]);
        var sum = layer.AddPart("sum", "Conv", [square, layer.Weight("neighbours", kernel), layer.Weight("k", full([channels], module.k))]);
        return layer.Add("Div", [layer.Input, layer.Graph.WithNumber("Pow", layer.Part("norm"), sum, module.beta)]);
    }

    private static string WithStatistics(Layer layer, NormBase module, Tensor mean, Tensor variance)
    {
        using var scope = NewDisposeScope();
        return layer.Add("BatchNormalization",
            [layer.Input, Weight(layer, module), Bias(layer, module), layer.Weight("running_mean", mean),
                layer.Weight("running_var", variance)],
            Attribute("epsilon", (float)module.eps));
    }

    private static string Weight(Layer layer, NormBase module) =>
        layer.Weight("weight", module.affine ? module.weight : ones([module.num_features]));

    private static string Bias(Layer layer, NormBase module) =>
        layer.Weight("bias", module.bias ?? zeros([module.num_features]));
}
