using GanOnnx.Export.Graphs;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;
using DataType = GanOnnx.Onnx.TensorProto.Types.DataType;

namespace GanOnnx.Export.Converters;

/// <summary>
/// Resizing by the nearest pixel. ONNX's Resize divides a pixel's place by the scale, TorchSharp multiplies it by its
/// inverse; where the result is a whole number, rounding decides, and of all pairs of sizes up to 256 one in twenty
/// differs by a pixel. These are gathered by TorchSharp's own indices.
/// </summary>
internal static class NearestResize
{
    // Up to here a factor times its inverse is 1 in float32, so that the two round alike at any size; for 41 it isn't.
    private const double LargestSameFactor = 40;

    /// <summary>Whether Resize takes the pixels that TorchSharp takes: where all factors are whole.</summary>
    public static bool TakesSamePixels(Layer layer, Upsample module)
    {
        var sizes = module.size.ToArray();
        var factors = sizes.Length == 0 ? module.scale_factor.ToArray()
            : [.. sizes.Zip(layer.Shape[2..], (size, old) => (double)size / old)];
        return !(sizes.Length > 0 && layer.Graph.MayHaveOpenSizes)
            && factors.All(f => f == Math.Floor(f) && f is >= 1 and <= LargestSameFactor);
    }

    /// <summary>The indices that TorchSharp computes, one axis after the other.</summary>
    public static string InParts(Layer layer, Upsample module)
    {
        var graph = layer.Graph;
        var axes = Enumerable.Range(2, layer.Shape.Length - 2)
            .Where(a => graph.MayHaveOpenSizes || (GivenStep(module, a) ?? (float)layer.Shape[a] / layer.OutputShape[a]) != 1).ToList();
        var input = layer.Input;
        foreach (var axis in axes)
        {
            var name = axis == axes[^1] ? layer.Path : layer.Part($"axis{axis}");
            var indices = graph.MayHaveOpenSizes ? Indices(layer, module, axis, name)
                : graph.Initializer($"{name}.indices", Indices(layer, module, axis));
            input = graph.Add("Gather", name, [input, indices], Attribute("axis", axis));
        }
        return input;
    }

    private static long[] Indices(Layer layer, Upsample module, int axis)
    {
        var (size, count) = (layer.Shape[axis], layer.OutputShape[axis]);
        var step = GivenStep(module, axis) ?? (float)size / count;
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Min((long)MathF.Floor(i * step), size - 1))];
    }

    // The same from the size that the axis has when the model runs.
    private static string Indices(Layer layer, Upsample module, int axis, string name)
    {
        var graph = layer.Graph;
        var size = graph.Sizes($"{name}.input_size", layer.Input, axis, axis + 1);
        var count = module.size.Length > 0
            ? graph.Initializer($"{name}.count", module.size[axis - 2])
            : Resampling.ScaledSizes(layer, name, axis, module.scale_factor[axis - 2]);
        var step = GivenStep(module, axis) is { } given
            ? graph.Scalar($"{name}.step", given)
            : graph.Add("Div", $"{name}.step",
                [graph.Cast($"{name}.input_float", size, DataType.Float), graph.Cast($"{name}.count_float", count, DataType.Float)]);
        var numbers = graph.Add("Range", $"{name}.numbers",
            [graph.Number($"{name}.from", 0), graph.Squeeze($"{name}.to", count, 0), graph.Number($"{name}.by", 1)]);
        var places = graph.Add("Mul", $"{name}.places", [graph.Cast($"{name}.numbers_float", numbers, DataType.Float), step]);
        var indices = graph.Cast($"{name}.floor_index", graph.Add("Floor", $"{name}.floor_place", [places]), DataType.Int64);
        return graph.Add("Min", $"{name}.indices",
            [indices, graph.Add("Sub", $"{name}.last", [size, graph.Initializer($"{name}.one", 1L)])]);
    }

    // From one pixel to the next; null where it is the ratio of the sizes.
    private static float? GivenStep(Upsample module, int axis) =>
        module.scale_factor.Length > 0 && module.recompute_scale_factor is not true ? (float)(1 / module.scale_factor[axis - 2]) : null;
}
