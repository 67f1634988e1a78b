using System.Text.Json.Serialization;

namespace GanOnnx.Training.Monitoring;

/// <summary>A run's figures since the tick before. A line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Images">Real images shown, in all.</param>
/// <param name="ImagesPerSecond">Real images shown per second.</param>
/// <param name="DiscriminatorLoss">Its mean.</param>
/// <param name="GeneratorLoss">Its mean.</param>
/// <param name="RealProbability">D(x): the mean probability the discriminator gives real images, 0 … 1.</param>
/// <param name="FakeProbability">D(G(z)): the mean probability it gives generated ones, 0 … 1.</param>
/// <param name="SampleDeviation">How much the sampled images differ: the standard deviation over images, averaged over pixels, in −1 … 1.</param>
/// <param name="Warnings">What looks wrong, a sentence each.</param>
public sealed record Tick(
    long Step, long Images, double ImagesPerSecond, double DiscriminatorLoss, double GeneratorLoss,
    double RealProbability, double FakeProbability, double SampleDeviation, IReadOnlyList<string> Warnings)
{
    /// <summary><see cref="Images"/> in thousands, to the nearest.</summary>
    [JsonIgnore]
    public long Kimg => ToKimg(Images);

    internal static long ToKimg(long images) => (images + 500) / 1000;
}
