namespace GanOnnx.Training.Networks.FastGan;

/// <summary>
/// The light GAN for few pictures: a generator of one convolution for each size, gated linear units and skip-layer excitation,
/// and a discriminator that has to make the real pictures again from its features. <see cref="NetworkShape.Width"/> is the
/// channels at the images' size; each halving doubles them, to four times at most.
/// </summary>
/// <remarks>
/// B. Liu, Y. Zhu, K. Song, A. Elgammal: "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis",
/// 2021, https://arxiv.org/abs/2101.04775. Other than there: no noise is added in the generator, so that a latent is one picture;
/// what is made again is compared by absolute differences, not by a trained network's features; and the scores of an image's
/// patches are averaged before the loss. The paper's networks are wider and have spectral normalization in both players.
/// </remarks>
internal static class FastGan
{
    /// <summary>The generator's first size in pixels.</summary>
    public const int SmallestSize = 4;

    private const int MostWidths = 4;

    public static Architecture Architecture { get; } = new(
        "skip-layer excitation and a discriminator that reconstructs, for few pictures (FastGAN, Liu et al. 2021)",
        [64, 128, 256], [Conditioning.Concat, Conditioning.Projection], shape => new FastGenerator(shape),
        shape => new FastDiscriminator(shape))
    {
        HasDecoders = true,
    };

    /// <summary>Channels of the layers of a size.</summary>
    public static int ChannelsAt(NetworkShape shape, int size) => shape.Width * Math.Min(shape.Size / size, MostWidths);
}
