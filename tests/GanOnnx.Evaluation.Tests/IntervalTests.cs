using GanOnnx.Evaluation.Tests.Fixtures;

namespace GanOnnx.Evaluation.Tests;

/// <summary>Intervals are as wide as figures vary when other images are drawn.</summary>
public sealed class IntervalTests
{
    private const int Sets = 60, Images = 300, Size = 4;

    private static readonly FeatureSet _real = Fixtures.Sets.Features(2000, Size, 1);

    // A standard deviation of 60 values is known to about a tenth, and the interval is an approximation of the first order.
    [TestCase("fd", "fd")]
    [TestCase("kid", "kid")]
    [TestCase("prdc", "precision")]
    [TestCase("prdc", "density")]
    [TestCase("variety", "variety")]
    public void An_interval_is_as_wide_as_the_figure_of_other_images_varies(string metric, string name)
    {
        var figures = Enumerable.Range(100, Sets).Select(seed => EvaluationMetrics.Get(metric)
            .Measure(new(_real, Fixtures.Sets.Features(Images, Size, (ulong)seed, 0.8, 0.1))).Single(figure => figure.Name == name))
                .ToArray();
        var mean = figures.Average(figure => figure.Value);
        var deviation = Math.Sqrt(figures.Average(figure => (figure.Value - mean) * (figure.Value - mean)));

        var width = figures.Average(figure => figure.Interval!.Value.High - figure.Interval.Value.Low);

        Assert.That(width, Is.EqualTo(2 * 1.96 * deviation).Within(35).Percent);
        Assert.That(figures.Count(figure => figure.Interval!.Value.Low <= mean && mean <= figure.Interval.Value.High),
            Is.GreaterThanOrEqualTo(Sets * 0.8));
    }

    [Test]
    public void Intervals_are_the_same_for_the_same_seed()
    {
        EvaluationSets sets = new(_real, Fixtures.Sets.Features(Images, Size, 7));
        var once = EvaluationMetrics.Get("fd").Measure(sets)[0].Interval;
        Assert.That(EvaluationMetrics.Get("fd").Measure(sets)[0].Interval, Is.EqualTo(once));
        Assert.That(EvaluationMetrics.Get("fd").Measure(sets with { Seed = 1 })[0].Interval, Is.Not.EqualTo(once));
    }
}
