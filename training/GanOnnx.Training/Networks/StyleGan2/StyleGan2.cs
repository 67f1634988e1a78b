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

    /// <summary>How many layers the mapping network has; 8 in the paper.</summary>
    public static TrainingOption MappingLayers { get; } = new("mappingLayers", "Layers of the mapping network", typeof(int), 8)
    {
        Name = "--mapping-layers",
        Least = 1,
        Most = 16,
        Rule = "the mapping network has {0} to {1} layers",
    };

    /// <summary>The part of training's images that are made of two latents; 0.9 in the paper.</summary>
    public static TrainingOption StyleMixing { get; } =
        new("styleMixing", "Part of training's images made of two latents", typeof(double), 0.9)
        {
            Name = "--style-mixing",
            Least = 0,
            Most = 1,
            Rule = "the part of mixed styles is {0} to {1}",
        };

    public static Architecture Architecture { get; } = new(
        "style-based skip generator and residual discriminator (Karras et al. 2020)",
        [32, 64, 128, 256], [Conditioning.Mapping], shape => new StyleGenerator(shape), shape => new StyleDiscriminator(shape))
    {
        HasIntermediateLatents = true,
        HasEqualizedLearningRate = true,
        Options = [MappingLayers, StyleMixing],
        BatchComparison = "minibatch standard deviation",
    };

    /// <summary>Channels of the layers of a size.</summary>
    public static int ChannelsAt(NetworkShape shape, int size) => shape.Width * Math.Min(shape.Size / size, MostWidths);

    /// <summary>What a weight is drawn from at first.</summary>
    public static (float Mean, float Deviation) FirstWeight(nn.Module owner, string name, Tensor weight) => (owner, name) switch
    {
        (IEqualized layer, "bias") => ((float)layer.FirstBias, 0),
        (IEqualized layer, "weight") => (0, (float)layer.FirstDeviation),
        (ClassVectors, _) or (StyleGenerator, "first") => (0, 1),
        _ => (0, 0), // biases, and the strength of the noise
    };
}
