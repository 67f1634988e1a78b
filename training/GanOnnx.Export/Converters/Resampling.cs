using GanOnnx.Export.Graphs;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Export.Converters;

/// <summary>More or fewer pixels.</summary>
internal static class Resampling
{
    public static string Upsample(Layer layer, Upsample module)
    {
        var graph = layer.Graph;
        if (module.mode == UpsampleMode.Nearest && !NearestResize.TakesSamePixels(layer, module))
            return NearestResize.InParts(layer, module);
        var attributes = Interpolation(module);
        if (module.size.Length > 0)
            return Resize(layer, graph.Initializer(layer.Part("size"), module.size), attributes);
        var factors = module.scale_factor.ToArray();
        if (module.recompute_scale_factor is true && factors.Any(f => f != Math.Floor(f)))
            return Resize(layer, ScaledSizes(layer, layer.Path, 2, factors), attributes);
        return layer.Add("Resize", [layer.Input, "", graph.Initializer(layer.Part("scales"), [1f, 1f, .. factors.Select(f => (float)f)])],
            attributes);
    }

    /// <summary>The sizes of the axes from <paramref name="first"/> on, times factors.</summary>
    public static string ScaledSizes(Layer layer, string name, int first, params double[] factors)
    {
        // In double, as TorchSharp: a factor such as 0.29 in float32 would round other products down.
        var graph = layer.Graph;
        using var scope = NewDisposeScope();
        var sizes = graph.Cast($"{name}.double", graph.Sizes($"{name}.old_size", layer.Input, first, first + factors.Length),
            DataType.Double);
        var scaled = graph.Add("Mul", $"{name}.scaled", [sizes, graph.Initializer($"{name}.factors", tensor(factors))]);
        return graph.Cast($"{name}.size", graph.Add("Floor", $"{name}.floor", [scaled]), DataType.Int64);
    }

    public static string PixelShuffle(Layer layer, PixelShuffle module) =>
        layer.Add("DepthToSpace", Attribute("blocksize", module.upscale_factor), Attribute("mode", "CRD"));

    /// <summary>ONNX has the places within a block first and the channels second, TorchSharp the other way round.</summary>
    public static string PixelUnshuffle(Layer layer, PixelUnshuffle module)
    {
        var block = Attribute("blocksize", module.downscale_factor);
        var channels = layer.Shape[1];
        if (channels == 1)
            return layer.Add("SpaceToDepth", block);
        var order = Interleaved(channels, module.downscale_factor * module.downscale_factor);
        return layer.Add("Gather", [layer.AddPart("blocks", "SpaceToDepth", [layer.Input], block),
            layer.Graph.Initializer(layer.Part("order"), order)], Attribute("axis", 1));
    }

    public static string ChannelShuffle(Layer layer, ChannelShuffle module)
    {
        var order = Interleaved(layer.Shape[1] / module.groups, module.groups);
        return layer.Add("Gather", [layer.Input, layer.Graph.Initializer(layer.Part("order"), order)], Attribute("axis", 1));
    }

    // Indices of [second, first] in the order of [first, second].
    private static long[] Interleaved(long first, long second) =>
        [.. Enumerable.Range(0, (int)(first * second)).Select(i => i % second * first + i / second)];

    private static Onnx.AttributeProto[] Interpolation(Upsample module) => module.mode == UpsampleMode.Nearest
        ?
        [
            Attribute("coordinate_transformation_mode", "asymmetric"),
            Attribute("mode", "nearest"),
            Attribute("nearest_mode", "floor"),
        ]
        :
        [
            Attribute("coordinate_transformation_mode", module.align_corners is true ? "align_corners" : "half_pixel"),
            Attribute("cubic_coeff_a", -0.75f),
            Attribute("mode", module.mode == UpsampleMode.Bicubic ? "cubic" : "linear"),
        ];

    /// <summary>To given sizes of the axes after the first two, which stay as they are: they may be open.</summary>
    private static string Resize(Layer layer, string sizes, Onnx.AttributeProto[] attributes)
    {
        var graph = layer.Graph;
        if (graph.Opset >= 18)
            return layer.Add("Resize", [layer.Input, "", "", sizes],
                [Attribute("axes", Enumerable.Range(2, layer.Shape.Length - 2).Select(i => (long)i)), .. attributes]);
        var all = layer.AddPart("sizes", "Concat", [graph.Sizes(layer.Part("kept"), layer.Input, 0, 2), sizes], Attribute("axis", 0));
        return layer.Add("Resize", [layer.Input, "", "", all], attributes);
    }
}
