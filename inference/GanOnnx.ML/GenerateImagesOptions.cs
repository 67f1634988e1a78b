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
    /// The column of text with what each image is to show, for a model that takes prompts and rows that bring seeds; where a row's text is
    /// empty, its image shows a caption that the model's file has. The default is null: all of them do. Such a column can't be saved.
    /// </summary>
    public string? PromptColumnName { get; init; }

    /// <summary>Encodes prompts; it stays the caller's. The default is null: only captions that the model's file has can be asked
    /// for.</summary>
    public ITextEncoder? TextEncoder { get; init; }

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
