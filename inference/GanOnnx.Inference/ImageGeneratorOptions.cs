namespace GanOnnx.Inference;

/// <summary>How a generator is loaded and run.</summary>
public sealed record ImageGeneratorOptions : ModelOptions
{
    /// <summary>The defaults.</summary>
    public ImageGeneratorOptions()
    {
    }

    // What is said of any model, as it is said there.
    internal ImageGeneratorOptions(ModelOptions options) : base(options)
    {
    }

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
    /// What the values of the images mean, for a file that doesn't say; a file that does is believed. The default is
    /// an empty format: all of it is inferred or asked for.
    /// </summary>
    public PixelFormat Pixels { get; init; } = new();

    /// <summary>
    /// Encodes prompts, for a model that takes them; it stays the caller's, and many generators may share it. The default is null: only
    /// the captions that the model's file has can be asked for.
    /// </summary>
    public ITextEncoder? TextEncoder { get; init; }

    internal Func<string, string> CalledPixels => CalledPart(nameof(Pixels));

    /// <summary>
    /// How long an image of <c>ImageGenerator.GenerateAsync</c> may wait for others to fill its batch, from 0 to a
    /// minute. The default is 0: a batch takes what waits as soon as the device is free, so that images gather while it
    /// is busy, and none waits while it is idle.
    /// </summary>
    public TimeSpan MaxQueueDelay { get; init; }

    /// <summary>
    /// Images of <c>ImageGenerator.GenerateAsync</c> that may wait, at least 1; a request beyond it is refused.
    /// The default is 4096.
    /// </summary>
    public int QueueLimit { get; init; } = 4096;
}
