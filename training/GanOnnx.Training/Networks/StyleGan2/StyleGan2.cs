using GanOnnx.Inference;
using GanOnnx.Training.Networks.Layers;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks.StyleGan2;

/// <summary>
/// The second style-based GAN. <see cref="NetworkShape.Width"/> is the channels at the images' size; each halving doubles
/// them, to eight times at most. The latent, the style and the mapping network's layers have
/// <see cref="NetworkShape.LatentSize"/> values, 512 in the paper.
/// </summary>
/// <remarks>
/// T. Karras et al.: "Analyzing and Improving the Image Quality of StyleGAN", 2020, https://arxiv.org/abs/1912.04958
/// (configuration F: skip generator, residual discriminator).
/// </remarks>
internal static class StyleGan2
{
    private const int MostWidths = 8;

    /// <summary>Both players, their weights drawn from <paramref name="seed"/>.</summary>
    public static GanNetworks Create(NetworkShape shape, ulong seed)
    {
        var generator = new StyleGenerator(shape);
        var networks = new GanNetworks(generator, new StyleDiscriminator(shape));
        InitialWeights.Draw(networks.Generator, seed, player: 0, FirstWeight);
        InitialWeights.Draw(networks.Discriminator, seed, player: 1, FirstWeight);
        generator.DrawNoise((layer, noise) => InitialWeights.Fill(noise, new RandomStream(seed, RandomStreams.FixedNoise), (ulong)layer, 0, 1));
        return networks;
    }

    /// <summary>Channels of the layers of a size.</summary>
    public static int ChannelsAt(NetworkShape shape, int size) => shape.Width * Math.Min(shape.Size / size, MostWidths);

    private static (float Mean, float Deviation) FirstWeight(nn.Module owner, string name, Tensor weight) => (owner, name) switch
    {
        (IEqualized layer, "bias") => ((float)layer.FirstBias, 0),
        (IEqualized layer, "weight") => (0, (float)layer.FirstDeviation),
        (ClassVectors, _) or (StyleGenerator, "first") => (0, 1),
        _ => (0, 0), // biases, and the strength of the noise
    };
}
