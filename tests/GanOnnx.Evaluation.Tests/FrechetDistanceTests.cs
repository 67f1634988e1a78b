namespace GanOnnx.Evaluation.Tests;

public sealed class FrechetDistanceTests
{
    private static readonly FeatureStatistics _first = new(100, [1, -2, 0.5], [4, 1, 0.5, 1, 3, -1, 0.5, -1, 2]);
    private static readonly FeatureStatistics _second = new(100, [0, 1, 2], [1, -0.5, 0.25, -0.5, 2, 0.75, 0.25, 0.75, 5]);

    // Roots of eigenvalues near 0 turn a rounding of 1e-16 into 1e-8.
    private const double Rounding = 1e-7;

    [Test]
    public void The_same_statistics_are_0_apart() =>
        Assert.That(FrechetDistance.Between(_first, _first), Is.Zero.Within(Rounding));

    [Test]
    public void A_shift_counts_by_its_square() =>
        Assert.That(FrechetDistance.Between(_first, _first with { Mean = [4, 2, 0.5] }), Is.EqualTo(3 * 3 + 4 * 4).Within(Rounding));

    [Test]
    public void Deviations_along_the_same_axes_count_by_the_square_of_their_difference()
    {
        var narrow = new FeatureStatistics(100, [0, 0], [1, 0, 0, 4]);
        var wide = new FeatureStatistics(100, [0, 0], [9, 0, 0, 4]);
        Assert.That(FrechetDistance.Between(narrow, wide), Is.EqualTo((3 - 1) * (3 - 1)).Within(Rounding));
    }

    [Test]
    public void A_feature_that_never_varies_is_no_obstacle()
    {
        var flat = new FeatureStatistics(100, [0, 0], [9, 0, 0, 0]);
        var varied = new FeatureStatistics(100, [0, 0], [1, 0, 0, 25]);
        Assert.That(FrechetDistance.Between(flat, varied), Is.EqualTo((3 - 1) * (3 - 1) + 25).Within(Rounding));
    }

    /// <summary>The textbook formula with SciPy 1.10.1's <c>linalg.sqrtm(s1 @ s2)</c>, on covariances that don't commute.</summary>
    [Test]
    public void It_is_what_scipy_computes() =>
        Assert.That(FrechetDistance.Between(_first, _second), Is.EqualTo(15.229697513687132).Within(Rounding));

    [Test]
    public void It_is_the_same_both_ways() =>
        Assert.That(FrechetDistance.Between(_second, _first), Is.EqualTo(FrechetDistance.Between(_first, _second)).Within(Rounding));
}
