namespace GanOnnx.Inference;

/// <summary>What a generator's latent is drawn from.</summary>
public enum LatentDistribution
{
    /// <summary>Standard normal: mean 0, variance 1.</summary>
    Normal,

    /// <summary>Uniform in [−1, 1].</summary>
    Uniform,
}
