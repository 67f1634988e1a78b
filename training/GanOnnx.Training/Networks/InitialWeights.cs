using GanOnnx.Inference;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>
/// Draws a network's first weights. They come from the counter-based generator, so a seed gives the same networks with
/// every version of libtorch and on every device.
/// </summary>
internal static class InitialWeights
{
    private const string SingularVector = "u"; // of spectral normalization

    /// <summary>What a weight is drawn from: N(mean, deviation²).</summary>
    /// <param name="owner">The module that has the weight.</param>
    /// <param name="name">The weight's name in it.</param>
    /// <param name="weight">The weight.</param>
    public delegate (float Mean, float Deviation) Rule(nn.Module owner, string name, Tensor weight);

    /// <summary>The DCGAN paper's: weights from N(0, 0.02²), batch normalization's scales from N(1, 0.02²), biases 0.</summary>
    public static (float Mean, float Deviation) Dcgan(nn.Module owner, string name, Tensor weight) =>
        name == "bias" ? (0, 0) : (IsScale(owner, name) ? 1 : 0, 0.02f);

    /// <summary>
    /// Weights from N(0, 2 / inputs), which keeps the activations' size through ReLUs; scales 1, biases 0, classes' vectors of about
    /// length 1.
    /// </summary>
    /// <remarks>K. He et al.: "Delving Deep into Rectifiers", 2015, https://arxiv.org/abs/1502.01852.</remarks>
    public static (float Mean, float Deviation) He(nn.Module owner, string name, Tensor weight)
    {
        if (IsScale(owner, name))
            return (1, 0);
        if (name is "bias" or "planes")
            return (0, 0);
        // A sentence has length 1 and gets a vector of about length 1, as a class does.
        if (owner is SentenceVectors)
            return (0, (float)Math.Sqrt(1.0 / weight.shape[0]));
        // A class's vector is the weights of its own output, which no ReLU follows.
        return (0, (float)Math.Sqrt((owner is ClassVectors ? 1.0 : 2.0) * weight.shape[0] / weight.numel()));
    }

    /// <summary>For discriminators of the DCGAN's kind: the paper's, or <see cref="He"/>'s where nothing normalizes their layers. Weights of
    /// deviation 0.02 would make the scores of all images equal there, to a hundredth, and the generator's gradients as small.</summary>
    public static Rule Discriminator(NetworkShape shape) => shape.DiscriminatorNorm || shape.SpectralNorm ? Dcgan : He;

    /// <summary>Draws the weights of one of the two players, 0 or 1.</summary>
    public static void Draw(nn.Module network, ulong seed, uint player, Rule rule) => Draw([network], seed, player, rule);

    /// <summary>Draws the weights of networks that are one player together, each its own.</summary>
    public static void Draw(IReadOnlyList<nn.Module> networks, ulong seed, uint player, Rule rule)
    {
        var stream = new RandomStream(seed, RandomStreams.FirstWeights + player);
        ulong index = 0;
        foreach (var (_, module) in networks.SelectMany(network => network.named_modules().Prepend(("", network))))
            foreach (var (name, parameter) in module.named_parameters(recurse: false))
            {
                var (mean, deviation) = rule(module, name, parameter);
                Fill(parameter, stream, index++, mean, deviation);
            }
        foreach (var (_, vector) in networks.SelectMany(network => network.named_buffers())
                     .Where(b => b.name.Split('.')[^1] == SingularVector))
        {
            Fill(vector, stream, index++, 0, 1);
            using var scope = NewDisposeScope();
            vector.div_(vector.norm());
        }
    }

    private static bool IsScale(nn.Module owner, string name) =>
        owner is NormBase && name == "weight" || owner is ConditionalBatchNorm2d && name == "gain";

    /// <summary>Sets a tensor's values to a draw from N(mean, deviation²).</summary>
    public static void Fill(Tensor parameter, RandomStream stream, ulong index, float mean, float deviation)
    {
        var values = new float[parameter.numel()];
        if (deviation > 0)
            stream.FillNormal(index, values);
        for (var i = 0; i < values.Length; i++)
            values[i] = mean + deviation * values[i];
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        parameter.copy_(tensor(values, parameter.shape));
    }
}
