using GanOnnx.Inference;

namespace GanOnnx.ML;

/// <summary>How images are generated.</summary>
public sealed record GenerateImagesOptions : ImageOptions
{
    /// <summary>
    /// What goes into the model's input <c>truncation</c>, from −2 to 2. The default is null: 1, no truncation, if the model
    /// has that input.
    /// </summary>
    public float? Truncation { get; init; }

    /// <summary>
    /// What latents are drawn from, for a file that doesn't say; a file that does is believed.
    /// The default is <see cref="LatentDistribution.Normal"/>.
    /// </summary>
    public LatentDistribution Latent { get; init; } = LatentDistribution.Normal;

    /// <summary>
    /// The classes' names in label order, for a conditional file that doesn't say; a file that does is believed.
    /// The default is empty, unknown.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>
    /// What the values of the model's images mean, for a file that doesn't say; a file that does is believed. The default is
    /// an empty format: all of it is inferred or asked for.
    /// </summary>
    public PixelFormat Format { get; init; } = new();
}
