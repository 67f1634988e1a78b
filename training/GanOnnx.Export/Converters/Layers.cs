using GanOnnx.Export.Internals;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Export.Internals.GraphBuilder;

namespace GanOnnx.Export.Converters;

/// <summary>Layers with weights.</summary>
internal static class Layers
{
    public static string Linear(GraphBuilder graph, Linear module, Value input, string path)
    {
        List<string> inputs = [input.Name, graph.Initializer($"{path}.weight", module.weight), .. Bias(graph, module.bias, path)];
        return graph.Add("Gemm", path, inputs, Attribute("transB", 1));
    }

    public static string Conv(GraphBuilder graph, Conv2d module, Value input, string path)
    {
        if (module.padding is not { } padding || module.padding_mode != PaddingModes.Zeros)
            throw new ExportException($"'{path}' pads by {module.padding_type?.ToString() ?? module.padding_mode.ToString()}; only padding with zeros by given sizes can be exported.");
        return graph.Add("Conv", path, Inputs(graph, module, input, path), Geometry(module, padding));
    }

    public static string ConvTranspose(GraphBuilder graph, ConvTranspose2d module, Value input, string path)
    {
        // TorchSharp passes only the first output padding on, so an asymmetric one doesn't do what it says.
        if (module.output_padding.Distinct().Count() > 1)
            throw new ExportException($"'{path}' has the output padding [{string.Join(", ", module.output_padding)}], of which TorchSharp uses only the first. Make both the same.");
        return graph.Add("ConvTranspose", path, Inputs(graph, module, input, path),
            [.. Geometry(module, module.padding!), Attribute("output_padding", module.output_padding)]);
    }

    public static string BatchNorm(GraphBuilder graph, BatchNorm2d module, Value input, string path)
    {
        if (module.running_mean is not { } mean || module.running_var is not { } variance)
            throw new ExportException($"'{path}' keeps no running statistics, so its output depends on the batch. Make it with track_running_stats.");
        using var scope = torch.NewDisposeScope();
        var scale = module.affine ? module.weight : torch.ones([module.num_features]);
        var bias = module.bias ?? torch.zeros([module.num_features]);
        return graph.Add("BatchNormalization", path,
        [
            input.Name,
            graph.Initializer($"{path}.weight", scale),
            graph.Initializer($"{path}.bias", bias),
            graph.Initializer($"{path}.running_mean", mean),
            graph.Initializer($"{path}.running_var", variance),
        ], Attribute("epsilon", (float)module.eps));
    }

    private static List<string> Inputs(GraphBuilder graph, Convolution module, Value input, string path) =>
        [input.Name, graph.Initializer($"{path}.weight", module.weight), .. Bias(graph, module.bias, path)];

    private static IEnumerable<string> Bias(GraphBuilder graph, Parameter? bias, string path) =>
        bias is null ? [] : [graph.Initializer($"{path}.bias", bias)];

    private static Onnx.AttributeProto[] Geometry(Convolution module, long[] padding) =>
    [
        Attribute("dilations", module.dilation),
        Attribute("group", module.groups),
        Attribute("kernel_shape", module.kernel_size),
        Attribute("pads", padding.Concat(padding)),
        Attribute("strides", module.stride),
    ];
}
