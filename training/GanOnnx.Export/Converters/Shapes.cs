using GanOnnx.Export.Internals;
using TorchSharp.Modules;

namespace GanOnnx.Export.Converters;

/// <summary>Modules that only change the shape.</summary>
internal static class Shapes
{
    public static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";

    public static string Flatten(Layer layer, Flatten module)
    {
        var (start, end) = (Axis(module.start_dim, layer.Shape), Axis(module.end_dim, layer.Shape));
        return layer.Graph.Reshape(layer.Path, layer.Input,
            [.. Enumerable.Repeat(Operators.Keep, start), Operators.Infer, .. layer.Shape[(end + 1)..]]);
    }

    public static string Unflatten(Layer layer, Unflatten module)
    {
        var axis = Axis(module.dim, layer.Shape);
        if (axis == 0)
            throw layer.Error("unflattens the batch axis, which must stay the first. Unflatten a later axis.");
        return layer.Graph.Reshape(layer.Path, layer.Input,
            [.. Enumerable.Repeat(Operators.Keep, axis), .. module.unflattened_size, .. layer.Shape[(axis + 1)..]]);
    }

    public static int Axis(long axis, long[] shape) => (int)(axis < 0 ? axis + shape.Length : axis);
}
