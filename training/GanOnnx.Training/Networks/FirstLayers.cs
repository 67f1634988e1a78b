using GanOnnx.Training.Tasks;

namespace GanOnnx.Training.Networks;

/// <summary>A network's layers from its input on.</summary>
internal static class FirstLayers
{
    /// <summary>The parameters of the first layers, with those of what stands between them, as normalization.</summary>
    /// <param name="network">The network, which lists its layers.</param>
    /// <param name="count">How many layers; a residual block is one.</param>
    /// <exception cref="TrainingException">The network hasn't more layers than that.</exception>
    public static IReadOnlySet<string> Parameters(TaskNetwork network, int count)
    {
        var weights = network.Module.named_parameters().ToArray();
        HashSet<string> names = [];
        var layers = 0;
        foreach (var layer in network.Layers!().Where(layer => layer.Parameters > 0))
        {
            var own = weights.Where(w => w.name == layer.Name || w.name.StartsWith(layer.Name + ".", StringComparison.Ordinal)).ToArray();
            if (own.Any(w => w.parameter.ndim > 1) && ++layers > count)
                return names;
            names.UnionWith(own.Select(w => w.name));
        }
        throw new TrainingException($"The {network.Name} has {layers} layers, so at most {layers - 1} of them can be frozen, not {count}.");
    }
}
