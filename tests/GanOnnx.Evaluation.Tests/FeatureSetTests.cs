namespace GanOnnx.Evaluation.Tests;

public sealed class FeatureSetTests
{
    [Test]
    public void Mean_and_covariance_are_the_samples()
    {
        var statistics = Of([1, 10, 2, 8, 6, 3]).Statistics();
        // Means 3 and 7; deviations (−2, 3), (−1, 1), (3, −4), divided by n − 1 = 2. Whole numbers, so that nothing is rounded.
        Assert.That(statistics.Mean, Is.EqualTo(new double[] { 3, 7 }));
        Assert.That(statistics.Covariance, Is.EqualTo(new[] { 7, -9.5, -9.5, 13 }));
        Assert.That(statistics.TotalVariance, Is.EqualTo(20));
        Assert.That(statistics.Count, Is.EqualTo(3));
    }

    [Test]
    public void Batches_add_up() =>
        Assert.That(Of([1, 10], [2, 8, 6, 3]).Statistics().Covariance, Is.EqualTo(Of([1, 10, 2, 8, 6, 3]).Statistics().Covariance));

    [Test]
    public void A_vector_added_later_counts()
    {
        var set = Of([1, 10, 2, 8]);
        _ = set.Statistics();
        set.Add([6, 3]);
        Assert.That(set.Statistics().Mean, Is.EqualTo(new double[] { 3, 7 }));
    }

    [Test]
    public void More_vectors_than_a_block_keep_their_places()
    {
        var set = new FeatureSet(3);
        for (var i = 0; i < 2500; i++)
            set.Add([i, -i, 2 * i]);
        Assert.That(set.Count, Is.EqualTo(2500));
        foreach (var i in new[] { 0, 1023, 1024, 2047, 2048, 2499 })
            Assert.That(set[i].ToArray(), Is.EqualTo(new float[] { i, -i, 2 * i }));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_value_that_is_no_number_is_refused(float value) =>
        Assert.That(() => new FeatureSet(2).Add([1, value]), Throws.ArgumentException);

    [Test]
    public void Half_a_vector_is_refused() => Assert.That(() => new FeatureSet(2).Add([1, 2, 3]), Throws.ArgumentException);

    [Test]
    public void One_vector_has_no_covariance() => Assert.That(() => Of([1, 2]).Statistics(), Throws.InvalidOperationException);

    private static FeatureSet Of(params float[][] batches)
    {
        var set = new FeatureSet(2);
        foreach (var batch in batches)
            set.Add(batch);
        return set;
    }
}
