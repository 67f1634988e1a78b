using GanOnnx.Training.Evaluation;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests.Evaluation;

public sealed class FeatureMomentsTests
{
    [Test]
    public void Mean_and_covariance_are_the_samples()
    {
        var statistics = Of([1, 10, 2, 8, 6, 3]);
        // Means 3 and 7; deviations (−2, 3), (−1, 1), (3, −4), divided by n − 1 = 2. Whole numbers, so that nothing is rounded.
        Assert.That(statistics.Mean, Is.EqualTo(new double[] { 3, 7 }));
        Assert.That(statistics.Covariance, Is.EqualTo(new[] { 7, -9.5, -9.5, 13 }));
        Assert.That(statistics.TotalVariance, Is.EqualTo(20));
        Assert.That(statistics.Count, Is.EqualTo(3));
    }

    [Test]
    public void Batches_add_up() =>
        Assert.That(Of([1, 10], [2, 8, 6, 3]).Covariance, Is.EqualTo(Of([1, 10, 2, 8, 6, 3]).Covariance));

    private static FeatureStatistics Of(params float[][] batches)
    {
        var moments = new FeatureMoments(2);
        foreach (var batch in batches)
        {
            using var features = tensor(batch, [batch.Length / 2, 2]);
            moments.Add(features);
        }
        return moments.Statistics();
    }
}
