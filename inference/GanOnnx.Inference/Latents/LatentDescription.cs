namespace GanOnnx.Inference;

/// <summary>A model's latent.</summary>
/// <param name="Distribution">What each value is drawn from.</param>
/// <param name="Size">How many values there are (Z).</param>
public sealed record LatentDescription(LatentDistribution Distribution, int Size);
