using System.Globalization;

namespace GanOnnx.Training.Networks;

/// <summary>What an architecture is built from.</summary>
/// <param name="Size">Height and width of the images in pixels.</param>
/// <param name="Channels">Colour channels, 1 or 3.</param>
/// <param name="LatentSize">Values per latent (Z).</param>
/// <param name="Width">Channels of the layers at the largest size; see each architecture.</param>
public sealed record NetworkShape(int Size, int Channels, int LatentSize, int Width)
{
    /// <summary>How labels get in.</summary>
    public Conditioning Condition { get; init; } = Conditioning.None;

    /// <summary>How many classes there are; looked at only where there is conditioning.</summary>
    public int Classes { get; init; }

    /// <summary>Values of a sentence's vector (D); looked at only where labels are sentences.</summary>
    public int TextSize { get; init; }

    /// <summary>
    /// Whether a discriminator that has batch normalization in its paper has it here. Penalties on the gradient of each
    /// image's score need it off, since it ties the images of a batch together.
    /// </summary>
    public bool DiscriminatorNorm { get; init; } = true;

    /// <summary>Whether the discriminator's weights are divided by their largest singular value.</summary>
    public bool SpectralNorm { get; init; }

    /// <summary>Whether the discriminator compares the images of a batch by learned features.</summary>
    public bool MinibatchDiscrimination { get; init; }

    /// <summary>The values of <see cref="Architecture.Options"/> by key. The default is none: their defaults.</summary>
    public IReadOnlyDictionary<string, double> Options { get; init; } = new Dictionary<string, double>();

    /// <summary>The value of an option that the architecture declares.</summary>
    public double this[TrainingOption option] =>
        Options.TryGetValue(option.Key, out var value) ? value : Convert.ToDouble(option.Default, CultureInfo.InvariantCulture);

    /// <summary>Whether the networks take labels.</summary>
    public bool IsConditional => Condition != Conditioning.None;
}
