using GanOnnx.Evaluation.Tests.Fixtures;

namespace GanOnnx.Evaluation.Tests;

public sealed class MetricTests
{
    private static readonly string[] _names = [.. ReferenceFigures.All.Keys];

    [TestCaseSource(nameof(_names))]
    public void Frechet_distance_is_numpys(string name)
    {
        var sets = Sets.Of(name);
        var traces = sets.Real.Statistics().TotalVariance + sets.Generated.Statistics().TotalVariance;
        Assert.That(Figure("fd", sets), Is.EqualTo(ReferenceFigures.All[name][0]).Within(1e-6 * traces));
    }

    // The kernel is a third power: 1e-9 of it is rounding.
    [TestCaseSource(nameof(_names))]
    public void Kernel_distance_of_whole_sets_is_numpys(string name)
    {
        var (sets, expected) = (Sets.Of(name), ReferenceFigures.All[name][1]);
        Assert.That(KernelDistance.Discrepancy(Rows(sets.Real), Rows(sets.Generated), sets.Real.Size),
            Is.EqualTo(expected).Within(1e-9 * Math.Max(1, Math.Abs(expected))));
    }

    [TestCaseSource(nameof(_names))]
    public void Precision_recall_density_and_coverage_are_numpys(string name)
    {
        var sets = Sets.Of(name);
        var found = new[] { "precision", "recall", "density", "coverage" }.Select(figure => Figure(figure, sets));
        Assert.That(found, Is.EqualTo(ReferenceFigures.All[name][2..]).Within(1e-11), "shares of whole numbers, printed with 12 digits");
    }

    [Test]
    public void Kernel_distance_of_sets_no_larger_than_a_subset_has_no_deviation()
    {
        var sets = Sets.Of("identical");
        var kid = EvaluationMetrics.Get("kid").Measure(sets).Single();
        Assert.That(kid.Value, Is.EqualTo(ReferenceFigures.All["identical"][1]).Within(1e-12));
        Assert.That(kid.Deviation, Is.Zero.Within(1e-12));
    }

    [Test]
    public void Kernel_distance_draws_other_subsets_for_another_seed()
    {
        var sets = new EvaluationSets(Sets.Features(1500, 4, 20), Sets.Features(1500, 4, 21));
        var (once, again, other) = (Figure("kid", sets), Figure("kid", sets), Figure("kid", sets with { Seed = 1 }));
        Assert.That(again, Is.EqualTo(once));
        Assert.That(other, Is.Not.EqualTo(once).And.EqualTo(once).Within(1e-3));
    }

    [TestCase("fd", 1)]
    [TestCase("kid", 1)]
    [TestCase("prdc", 5)]
    public void Too_few_images_are_refused(string metric, int count) =>
        Assert.That(() => EvaluationMetrics.Get(metric).Measure(new(Sets.Features(100, 2, 1), Sets.Features(count, 2, 2))),
            Throws.TypeOf<EvaluationException>().With.Message.EndsWith($"there are 100 real and {count} generated ones."));

    [Test]
    public void Features_of_two_networks_are_refused() =>
        Assert.That(() => new EvaluationSets(new FeatureSet(2), new FeatureSet(3)), Throws.ArgumentException);

    [Test]
    public void A_metric_is_stopped()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.That(() => EvaluationMetrics.Get("prdc").Measure(Sets.Of("random"), stopped.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_metric_of_ones_own_is_used_by_name()
    {
        EvaluationMetrics.Register("own-mean", new OwnMetric());
        Assert.That(EvaluationMetrics.Names, Does.Contain("own-mean"));
        Assert.That(EvaluationMetrics.Get("own-mean").Measure(Sets.Of("disjoint")).Single().Value, Is.EqualTo(50).Within(0.2));
        Assert.That(() => EvaluationMetrics.Register("fd", new OwnMetric()), Throws.ArgumentException);
    }

    [Test]
    public void Every_metric_has_one_line_of_description() =>
        Assert.That(EvaluationMetrics.Names.Select(name => EvaluationMetrics.Get(name).Description),
            Has.All.Not.Empty.And.All.Not.Contains("\n"));

    private static double Figure(string name, EvaluationSets sets) =>
        EvaluationMetrics.Names.SelectMany(metric => EvaluationMetrics.Get(metric).Measure(sets)).Single(f => f.Name == name).Value;

    private static double[] Rows(FeatureSet set) =>
        [.. Enumerable.Range(0, set.Count).SelectMany(i => Array.ConvertAll(set[i].ToArray(), value => (double)value))];

    private sealed class OwnMetric : IEvaluationMetric
    {
        public string Description => "difference of the first features' means";

        public IReadOnlyList<EvaluationFigure> Measure(EvaluationSets sets, CancellationToken stop = default) =>
            [new("own-mean", sets.Generated.Statistics().Mean[0] - sets.Real.Statistics().Mean[0], "any number")];
    }
}
