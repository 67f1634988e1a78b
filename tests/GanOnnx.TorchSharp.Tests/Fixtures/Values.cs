using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.TorchSharp.Tests.Fixtures;

/// <summary>Numbers that are the same on every run, and the way from and to tensors.</summary>
internal static class Values
{
    /// <summary>Values from −1 to 1, none nearer to 0 than 0.05: a finite difference then never crosses ReLU's kink.</summary>
    public static float[] Draw(long count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (0.05f + 0.95f * random.NextSingle()) * (random.Next(2) == 0 ? -1 : 1);
        return values;
    }

    public static Tensor Draw(long[] shape, int seed) => tensor(Draw(Count(shape), seed), shape);

    /// <summary>sin(0.7 i + seed) times the scale: inputs and weights that pytorch.py has too.</summary>
    public static Tensor Wave(long[] shape, int seed = 0, double scale = 1) =>
        tensor(Enumerable.Range(0, (int)Count(shape)).Select(i => (float)(Math.Sin(0.7 * i + seed) * scale)).ToArray(), shape);

    /// <summary>Replaces a module's first state by waves, one a name in alphabetical order, as pytorch.py does; for evaluation.</summary>
    public static T WithWaves<T>(this T module) where T : nn.Module
    {
        var seed = 1;
        foreach (var (name, state) in module.state_dict().OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            var wave = Of(Wave(state.shape, seed++, 0.5));
            if (state.is_floating_point())
                Set(state, name.EndsWith("running_var", StringComparison.Ordinal) ? Array.ConvertAll(wave, w => w * w + 0.5f) : wave);
        }
        module.eval();
        return module;
    }

    public static Tensor Vector(params float[] values) => tensor(values, new long[] { values.Length });

    public static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    public static float[] Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().contiguous().data<float>().ToArray();
    }

    public static double[] Doubles(Tensor tensor) => Array.ConvertAll(Of(tensor), v => (double)v);

    public static void Set(Tensor target, float[] values)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        target.copy_(tensor(values, target.shape));
    }

    /// <summary>Replaces a module's random first weights by drawn ones.</summary>
    public static T WithDrawnWeights<T>(this T module) where T : nn.Module
    {
        var seed = 100;
        foreach (var (_, parameter) in module.named_parameters())
            Set(parameter, Draw(parameter.numel(), seed++));
        return module;
    }
}
