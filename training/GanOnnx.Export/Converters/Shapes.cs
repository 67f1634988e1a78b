using GanOnnx.Export.Graphs;
using GanOnnx.Onnx.Editing;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;

namespace GanOnnx.Export.Converters;

/// <summary>Modules that only change the shape.</summary>
internal static class Shapes
{
    public static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";

    public static string Flatten(Layer layer, Flatten module)
    {
        var (start, end) = (Axis(module.start_dim, layer.Shape), Axis(module.end_dim, layer.Shape));
        return Reshape(layer, [.. Enumerable.Repeat(Ops.Reshape.Keep, start), Ops.Reshape.Infer], end + 1);
    }

    public static string Unflatten(Layer layer, Unflatten module)
    {
        var axis = Axis(module.dim, layer.Shape);
        if (axis == 0)
            throw layer.Error("unflattens the batch axis, which must stay the first. Unflatten a later axis.");
        return Reshape(layer, [.. Enumerable.Repeat(Ops.Reshape.Keep, axis), .. module.unflattened_size], axis + 1);
    }

    /// <summary>To the given sizes, then those of the axes from <paramref name="rest"/> on, which may be open.</summary>
    private static string Reshape(Layer layer, long[] sizes, int rest)
    {
        var graph = layer.Graph;
        if (rest == layer.Shape.Length || !graph.MayHaveOpenSizes)
            return graph.Reshape(layer.Path, layer.Input, [.. sizes, .. layer.Shape[rest..]]);
        string[] parts = [graph.Initializer(layer.Part("first"), sizes),
            graph.Sizes(layer.Part("rest"), layer.Input, rest, layer.Shape.Length)];
        return layer.Add("Reshape", [layer.Input, layer.AddPart("shape", "Concat", parts, Attribute("axis", 0))]);
    }

    public static int Axis(long axis, long[] shape) => (int)(axis < 0 ? axis + shape.Length : axis);
}
