namespace GanOnnx.Inference;

/// <summary>How a translator is loaded and run.</summary>
public sealed record ImageTranslatorOptions : ModelOptions
{
    /// <summary>
    /// What the values of the images that go in mean, for a file that doesn't say; a file that does is believed. The
    /// default is an empty format: all of it is inferred or asked for.
    /// </summary>
    public PixelFormat Input { get; init; } = new();

    /// <summary>
    /// The same for the images that come out. What it leaves open is as it is for <see cref="Input"/>, except the shape.
    /// </summary>
    public PixelFormat Output { get; init; } = new();
}
