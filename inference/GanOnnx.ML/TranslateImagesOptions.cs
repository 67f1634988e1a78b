using GanOnnx.Inference;

namespace GanOnnx.ML;

/// <summary>How images are made from images.</summary>
public sealed record TranslateImagesOptions : ImageOptions
{
    /// <summary>
    /// What the values of the images that the model takes mean, for a file that doesn't say; a file that does is believed. The default
    /// is an empty format: all of it is inferred or asked for.
    /// </summary>
    public PixelFormat Input { get; init; } = new();

    /// <summary>
    /// The same for the images that the model makes. What it leaves open is as it is for <see cref="Input"/>, except the shape.
    /// </summary>
    public PixelFormat Output { get; init; } = new();
}
