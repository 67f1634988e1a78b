namespace GanOnnx.Evaluation;

/// <summary>
/// Quality apart from variety. Around each real image lies the ball that reaches to its k-th nearest other real one; together they are
/// the real images' manifold. Precision is the share of generated images that lie in it, recall the share of real images that lie in
/// the generated ones' (k = 3). Density counts in how many real images' balls a generated one lies, divided by k, and coverage is the
/// share of real images whose ball has a generated one (k = 5); outliers spoil these two less.
/// </summary>
/// <remarks>
/// T. Kynkäänniemi, T. Karras, S. Laine, J. Lehtinen, T. Aila: "Improved Precision and Recall Metric for Assessing Generative Models",
/// 2019, https://arxiv.org/abs/1904.06991, with closed balls (equation 1); M. F. Naeem, S. J. Oh, Y. Uh, Y. Choi, J. Yoo: "Reliable
/// Fidelity and Diversity Metrics for Generative Models", 2020, https://arxiv.org/abs/2002.09797, with open balls.
/// </remarks>
public sealed class PrecisionRecall : IEvaluationMetric
{
    private const int RecallNeighbor = 3, CoverageNeighbor = 5;

    /// <inheritdoc/>
    public string Description => "precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020)";

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationFigure> Measure(EvaluationSets sets, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (Math.Min(sets.Real.Count, sets.Generated.Count) <= CoverageNeighbor)
            throw new EvaluationException($"Coverage needs {CoverageNeighbor + 1} images of each kind at least; there are "
                + $"{sets.Real.Count} real and {sets.Generated.Count} generated ones.");
        var real = sets.Real.Nearest(stop);
        var generated = sets.Generated.Nearest(stop);
        var (precise, dense, recalled, covered) = (new int[sets.Generated.Count], new int[sets.Generated.Count],
            new int[sets.Real.Count], new int[sets.Real.Count]);
        Neighbors.ForEachPair(sets.Real, sets.Generated, (i, j, distance) =>
        {
            if (distance <= real[i][RecallNeighbor - 1])
                Interlocked.Exchange(ref precise[j], 1);
            if (distance <= generated[j][RecallNeighbor - 1])
                recalled[i] = 1;
            if (distance >= real[i][CoverageNeighbor - 1])
                return;
            Interlocked.Increment(ref dense[j]);
            covered[i] = 1;
        }, stop);
        EvaluationFigure Figure(string name, int[] counts, double unit, string description)
        {
            var shares = Array.ConvertAll(counts, count => count / unit);
            return new(name, counts.Average() / unit,
                description)
            { Interval = Bootstrap.Around(shares.Average(), shares, sets.Seed, lowest: 0) };
        }
        return
        [
            Figure("precision", precise, 1, "share of generated images among the real ones, 0 … 1, more is better"),
            Figure("recall", recalled, 1, "share of real images among the generated ones, 0 … 1, more is better"),
            Figure("density", dense, CoverageNeighbor, "how densely generated images lie among the real ones, about 1 for real ones"),
            Figure("coverage", covered, 1, "share of real images with a generated one near, 0 … 1, more is better"),
        ];
    }
}
