namespace GanOnnx.Training.Networks;

/// <summary>How the class of an image gets into the networks.</summary>
public enum Conditioning
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

    /// <summary>Through StyleGAN2's mapping network, and a projection in the discriminator (T. Karras et al., 2020,
    /// https://arxiv.org/abs/2006.06676).</summary>
    Mapping,

    /// <summary>By a sentence's vector in place of a class: both players get what an encoder makes of the image's caption (M. Tao et al.,
    /// 2020, https://arxiv.org/abs/2008.05865).</summary>
    Text,
}

/// <summary>The ways labels get into the networks, by name.</summary>
public static class Conditions
{
    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => [.. Enum.GetValues<Conditioning>().Select(NameOf)];

    /// <summary>A way in one line.</summary>
    /// <exception cref="KeyNotFoundException">There is no such way.</exception>
    public static string Description(string name) => name switch
    {
        "none" => "labels aren't used",
        "concat" => "a vector per class beside the latent, a plane per class beside the image (Mirza and Osindero 2014)",
        "projection" => "a scale and shift per class in the generator, a class's vector on the image's features (Miyato and Koyama 2018)",
        "mapping" => "through StyleGAN2's mapping network, and a projection in the discriminator (Karras et al. 2020)",
        "text" => "by captions, as the vector that a sentence encoder makes of one (Tao et al. 2020)",
        _ => throw new KeyNotFoundException($"There is no condition '{name}'."),
    };

    internal static string NameOf(Conditioning condition) => condition.ToString().ToLowerInvariant();
}
