namespace GanOnnx.Training.Networks;

/// <summary>How the class of an image gets into the networks.</summary>
internal enum Conditioning
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>
    /// A learned vector per class is joined to the latent, and a learned plane per class to the discriminator's image
    /// (M. Mirza, S. Osindero: "Conditional Generative Adversarial Nets", 2014, https://arxiv.org/abs/1411.1784).
    /// </summary>
    Concat,

    /// <summary>
    /// Batch normalization with a scale and shift per class in the generator, and a score that is larger the more an
    /// image's features point along its class's vector in the discriminator (T. Miyato, M. Koyama: "cGANs with Projection
    /// Discriminator", 2018, https://arxiv.org/abs/1802.05637).
    /// </summary>
    Projection,

    /// <summary>Through StyleGAN2's mapping network, and a projection in the discriminator (T. Karras et al., 2020, https://arxiv.org/abs/2006.06676).</summary>
    Mapping,
}
