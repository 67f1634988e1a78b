using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Fixtures;

/// <summary>Modules whose weights are the same on every run.</summary>
internal static class Modules
{
    public static Tensor Draw(long[] shape, int seed)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = 2 * random.NextSingle() - 1;
        return tensor(values, shape);
    }

    /// <summary>Draws parameters and statistics, so that none is at a value that hides a mistake, and goes to evaluation mode.</summary>
    public static T Ready<T>(this T module) where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var seed = 100;
        foreach (var (name, value) in module.state_dict().Where(e => e.Value.dtype == float32))
            value.copy_(name.EndsWith("running_var", StringComparison.Ordinal) ? Draw(value.shape, seed++) + 1.5
                : Draw(value.shape, seed++));
        module.eval();
        return module;
    }

    /// <summary>A small generator as DCGAN's: latents <c>[N, 5]</c> to images <c>[N, 3, 16, 16]</c>.</summary>
    public static Sequential Generator() => Sequential(
        ("project", Linear(5, 4 * 4 * 4, hasBias: false)),
        ("reshape", nn.Unflatten(1, [4, 4, 4])),
        ("norm4", BatchNorm2d(4)),
        ("relu4", ReLU(inplace: true)),
        ("up8", ConvTranspose2d(4, 2, 4, 2, 1, bias: false)),
        ("norm8", BatchNorm2d(2)),
        ("relu8", ReLU(inplace: true)),
        ("up16", ConvTranspose2d(2, 3, 4, 2, 1)),
        ("tanh", Tanh())).Ready();
}
