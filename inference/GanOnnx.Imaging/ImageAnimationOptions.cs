namespace GanOnnx.Imaging;

/// <summary>How <see cref="ImageAnimation"/> writes an animation.</summary>
public sealed record ImageAnimationOptions
{
    /// <summary>Whether it begins again at its end, for ever, or stops at its last frame.</summary>
    /// <value>The default is true.</value>
    public bool Loop { get; init; } = true;

    /// <summary>What the file says about its origin. With null nothing is added.</summary>
    /// <value>The default marks the animation as made by a trained model, as the law asks for in some countries.</value>
    public Provenance? Provenance { get; init; } = new();
}
