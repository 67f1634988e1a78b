using System.Runtime.InteropServices;
using GanOnnx.Inference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>
/// The DCGAN paper's first weights: convolutions and linear layers from N(0, 0.02²), batch normalization's scale
/// from N(1, 0.02²), biases 0. They come from the counter-based generator, so a seed gives the same networks with
/// every version of libtorch and on every device.
/// </summary>
internal static class InitialWeights
{
    private const float StandardDeviation = 0.02f;

    public static void Draw(nn.Module module, ulong seed, uint player)
    {
        var stream = new RandomStream(seed, RandomStreams.FirstWeights + player);
        ulong index = 0;
        foreach (var (_, child) in module.named_modules())
            foreach (var (name, parameter) in child.named_parameters(recurse: false))
            {
                var mean = child is NormBase ? 1f : 0f;
                Set(parameter, name == "bias" ? null : stream, index++, mean);
            }
    }

    private static void Set(Parameter parameter, RandomStream? stream, ulong index, float mean)
    {
        var values = new float[parameter.numel()];
        if (stream is { } random)
        {
            random.FillNormal(index, values);
            for (var i = 0; i < values.Length; i++)
                values[i] = mean + StandardDeviation * values[i];
        }
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        parameter.copy_(tensor(values, parameter.shape));
    }
}
