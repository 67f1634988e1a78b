using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Fixtures;

/// <summary>Numbers that pytorch.py has too.</summary>
internal static class Waves
{
    /// <summary>sin(0.7 i + seed) times the scale.</summary>
    public static Tensor Wave(long[] shape, double seed = 0, double scale = 1) =>
        tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size))
            .Select(i => (float)(Math.Sin(0.7 * i + seed) * scale)).ToArray(), shape);

    /// <summary>Replaces a module's weights by waves, one a name in alphabetical order, and returns them so.</summary>
    public static Tensor[] Fill(nn.Module module)
    {
        using var noGrad = no_grad();
        var weights = module.named_parameters().OrderBy(entry => entry.name, StringComparer.Ordinal).Select(entry => entry.parameter)
            .ToArray<Tensor>();
        for (var i = 0; i < weights.Length; i++)
            weights[i].copy_(Wave(weights[i].shape, i + 1, 0.5));
        return weights;
    }

    /// <summary>The elements in order.</summary>
    public static double[] Doubles(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }
}
