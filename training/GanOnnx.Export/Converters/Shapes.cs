using GanOnnx.Export.Internals;
using TorchSharp.Modules;

namespace GanOnnx.Export.Converters;

/// <summary>Modules that only change the shape.</summary>
internal static class Shapes
{
    // In Reshape's shape, 0 keeps the input's axis at that place, so the batch stays dynamic.
    private const long Keep = 0, Infer = -1;

    public static string Flatten(GraphBuilder graph, Flatten module, Value input, string path)
    {
        var shape = input.Example.shape;
        var (start, end) = (Axis(module.start_dim, shape), Axis(module.end_dim, shape));
        var flat = start == 0 ? Infer : shape[start..(end + 1)].Aggregate(1L, (product, size) => product * size);
        return Reshape(graph, input, path, [.. Enumerable.Repeat(Keep, start), flat, .. shape[(end + 1)..]]);
    }

    public static string Unflatten(GraphBuilder graph, Unflatten module, Value input, string path)
    {
        var shape = input.Example.shape;
        var axis = Axis(module.dim, shape);
        if (axis == 0)
            throw new ExportException($"'{path}' unflattens the batch axis, which must stay the first. Unflatten a later axis.");
        return Reshape(graph, input, path, [.. Enumerable.Repeat(Keep, axis), .. module.unflattened_size, .. shape[(axis + 1)..]]);
    }

    private static string Reshape(GraphBuilder graph, Value input, string path, long[] shape) =>
        graph.Add("Reshape", path, [input.Name, graph.Initializer($"{path}.shape", shape)]);

    private static int Axis(long axis, long[] shape) => (int)(axis < 0 ? axis + shape.Length : axis);
}
