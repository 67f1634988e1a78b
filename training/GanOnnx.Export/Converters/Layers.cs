using GanOnnx.Export.Internals;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Export.Internals.GraphBuilder;

namespace GanOnnx.Export.Converters;

/// <summary>Layers with weights.</summary>
internal static class Layers
{
    public static string Linear(Layer layer, Linear module) =>
        layer.Add("Gemm", [layer.Input, layer.Weight("weight", module.weight), .. Bias(layer, module.bias)], Attribute("transB", 1));

    public static string Conv(Layer layer, Conv2d module)
    {
        if (module.padding is not { } padding || module.padding_mode != PaddingModes.Zeros)
            throw layer.Error($"pads by {module.padding_type?.ToString() ?? module.padding_mode.ToString()}; only padding with zeros by given sizes can be exported.");
        return layer.Add("Conv", Inputs(layer, module), Geometry(module, padding));
    }

    public static string ConvTranspose(Layer layer, ConvTranspose2d module)
    {
        // TorchSharp passes only the first output padding on, so an asymmetric one doesn't do what it says.
        if (module.output_padding.Distinct().Count() > 1)
            throw layer.Error($"has the output padding [{string.Join(", ", module.output_padding)}], of which TorchSharp uses only the first. Make both the same.");
        return layer.Add("ConvTranspose", Inputs(layer, module),
            [.. Geometry(module, module.padding!), Attribute("output_padding", module.output_padding)]);
    }

    public static string BatchNorm(Layer layer, BatchNorm2d module)
    {
        if (module.running_mean is not { } mean || module.running_var is not { } variance)
            throw layer.Error("keeps no running statistics, so its output depends on the batch. Make it with track_running_stats.");
        using var scope = torch.NewDisposeScope();
        return layer.Add("BatchNormalization",
        [
            layer.Input,
            layer.Weight("weight", module.affine ? module.weight : torch.ones([module.num_features])),
            layer.Weight("bias", module.bias ?? torch.zeros([module.num_features])),
            layer.Weight("running_mean", mean),
            layer.Weight("running_var", variance),
        ], Attribute("epsilon", (float)module.eps));
    }

    private static List<string> Inputs(Layer layer, Convolution module) =>
        [layer.Input, layer.Weight("weight", module.weight), .. Bias(layer, module.bias)];

    private static IEnumerable<string> Bias(Layer layer, Parameter? bias) => bias is null ? [] : [layer.Weight("bias", bias)];

    private static Onnx.AttributeProto[] Geometry(Convolution module, long[] padding) =>
    [
        Attribute("dilations", module.dilation),
        Attribute("group", module.groups),
        Attribute("kernel_shape", module.kernel_size),
        Attribute("pads", padding.Concat(padding)),
        Attribute("strides", module.stride),
    ];
}
