using System.Text.Json.Serialization;

namespace GanOnnx.Training.Monitoring;

/// <summary>A run's figures since the tick before. A line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Images">Real images shown, in all.</param>
/// <param name="ImagesPerSecond">Real images shown per second.</param>
/// <param name="DiscriminatorLoss">Its mean.</param>
/// <param name="GeneratorLoss">Its mean.</param>
/// <param name="RealProbability">D(x): the mean probability the discriminator gives real images, 0 … 1. It means nothing where <see cref="RealScore"/> is set.</param>
/// <param name="FakeProbability">D(G(z)): the mean probability it gives generated ones, 0 … 1. It means nothing where <see cref="FakeScore"/> is set.</param>
/// <param name="SampleDeviation">How much the sampled images differ: the standard deviation over images, averaged over pixels, in −1 … 1.</param>
/// <param name="Warnings">What looks wrong, in a few words, a colon, and sentences on what was seen, what it means and what to try.</param>
public sealed record Tick(
    long Step, long Images, double ImagesPerSecond, double DiscriminatorLoss, double GeneratorLoss,
    double RealProbability, double FakeProbability, double SampleDeviation, IReadOnlyList<string> Warnings)
{
    /// <summary>The mean score of real images under a loss whose scores are no logits (Wasserstein, hinge, least squares). The default is null: they are logits.</summary>
    public double? RealScore { get; init; }

    /// <summary>The mean score of generated images under a loss whose scores are no logits. The default is null: they are logits.</summary>
    public double? FakeScore { get; init; }

    /// <summary>The mean Euclidean norm of the discriminator's gradient, before clipping. The default is null: not measured.</summary>
    public double? DiscriminatorGradientNorm { get; init; }

    /// <summary>The mean Euclidean norm of the generator's gradient, before clipping. The default is null: not measured.</summary>
    public double? GeneratorGradientNorm { get; init; }

    /// <summary>The discriminator's learning rate at the tick's end. The default is null: not told.</summary>
    public double? DiscriminatorLearningRate { get; init; }

    /// <summary>The generator's learning rate at the tick's end. The default is null: not told.</summary>
    public double? GeneratorLearningRate { get; init; }

    /// <summary>Further figures of regularizers and augmentation by name, as <c>r1</c>. The default is none.</summary>
    public IReadOnlyDictionary<string, double> Extras { get; init; } = new Dictionary<string, double>();

    /// <summary><see cref="Images"/> in thousands, to the nearest.</summary>
    [JsonIgnore]
    public long Kimg => ToKimg(Images);

    /// <summary>Whether the discriminator's scores are logits, so that <see cref="RealProbability"/> and <see cref="FakeProbability"/> are probabilities.</summary>
    [JsonIgnore]
    public bool ScoresAreLogits => RealScore is null;

    internal static long ToKimg(long images) => (images + 500) / 1000;
}
