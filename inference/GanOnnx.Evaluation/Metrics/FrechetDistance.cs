using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace GanOnnx.Evaluation;

/// <summary>
/// How far apart two sets of images are, by a network's features: the squared Fréchet (2-Wasserstein) distance of two
/// normal distributions, ‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½). 0 for equal statistics, else above.
/// </summary>
/// <remarks>
/// M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler, S. Hochreiter: "GANs Trained by a Two Time-Scale Update Rule Converge
/// to a Local Nash Equilibrium", 2017, https://arxiv.org/abs/1706.08500, equation 6. There the features are the Inception
/// network's and the distance is called FID; with another network's it is another number on another scale.
/// </remarks>
public sealed class FrechetDistance : IEvaluationMetric
{
    /// <inheritdoc/>
    public string Description => "Fréchet distance of the features as normal distributions (Heusel et al. 2017)";

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationFigure> Measure(EvaluationSets sets, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Real.Count < 2 || sets.Generated.Count < 2)
            throw new EvaluationException($"A Fréchet distance needs two images of each kind at least; there are {sets.Real.Count} real "
                + $"and {sets.Generated.Count} generated ones.");
        var real = sets.RealStatistics;
        var (distance, transport) = Transport(sets.Generated.Statistics(), real);
        EvaluationFigure figure = new("fd", distance, "Fréchet distance, 0 or more, less is better")
        {
            Interval = Bootstrap.Around(distance, Contributions(sets.Generated, real, transport), sets.Seed, lowest: 0),
        };
        return WithinClasses(sets, stop) is { } within
            ? [figure, new("fd in classes", within, "mean over the classes of each class's Fréchet distance")] : [figure];
    }

    // Each class against the real ones of it; with fewer images it is larger than that of all.
    private static double? WithinClasses(EvaluationSets sets, CancellationToken stop)
    {
        if (sets.RealLabels is not { } real || sets.GeneratedLabels is not { } generated)
            return null;
        var distances = new List<double>();
        foreach (var label in generated.Where(label => label >= 0).Distinct().Order())
        {
            stop.ThrowIfCancellationRequested();
            var (theirs, ours) = (sets.Real.Where(i => real[i] == label), sets.Generated.Where(i => generated[i] == label));
            if (theirs.Count >= 2 && ours.Count >= 2)
                distances.Add(Between(ours.Statistics(), theirs.Statistics()));
        }
        return distances.Count > 1 ? distances.Average() : null;
    }

    /// <summary>The distance, computed in double precision.</summary>
    public static double Between(FeatureStatistics first, FeatureStatistics second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Distance(first, second, Crossed(first, second, out _).EigenValues.Sum(e => NonNegativeRoot(e.Real)));
    }

    private static double Distance(FeatureStatistics first, FeatureStatistics second, double traceOfRoot)
    {
        var squaredDifference = first.Mean.Zip(second.Mean, (a, b) => (a - b) * (a - b)).Sum();
        return Math.Max(0, squaredDifference + first.TotalVariance + second.TotalVariance - 2 * traceOfRoot);
    }

    // Σ₁Σ₂ isn't symmetric; Σ₂^½ Σ₁ Σ₂^½ is, and has its eigenvalues.
    private static Evd<double> Crossed(FeatureStatistics first, FeatureStatistics second, out Matrix<double> root)
    {
        root = SquareRoot(ToMatrix(second));
        var product = root * ToMatrix(first) * root;
        return (product + product.Transpose()).Divide(2).Evd(Symmetricity.Symmetric);
    }

    /// <summary>The distance, and the map Σ₂^½ (Σ₂^½ Σ₁ Σ₂^½)^−½ Σ₂^½ that brings the first distribution to the second; directions without
    /// variance stay out of it.</summary>
    private static (double Distance, Matrix<double> Map) Transport(FeatureStatistics first, FeatureStatistics second)
    {
        var parts = Crossed(first, second, out var root);
        var roots = parts.EigenValues.Select(e => NonNegativeRoot(e.Real)).ToArray();
        var smallest = roots.Max() * 1e-6;
        var inverse = Vector<double>.Build.Dense(roots.Length, i => roots[i] > smallest ? 1 / roots[i] : 0);
        var half = root * parts.EigenVectors;
        return (Distance(first, second, roots.Sum()), half * Matrix<double>.Build.DiagonalOfDiagonalVector(inverse) * half.Transpose());
    }

    // The distance's derivative where one image's weight grows: 2 (μ₁ − μ₂)ᵀ(x − μ₁) + (x − μ₁)ᵀ(I − T)(x − μ₁), but for a constant.
    private static double[] Contributions(FeatureSet generated, FeatureStatistics real, Matrix<double> transport)
    {
        const int rows = 512;
        var mean = generated.Statistics().Mean;
        var contributions = new double[generated.Count];
        for (var first = 0; first < generated.Count; first += rows)
        {
            var start = first;
            var block = Matrix<double>.Build.Dense(Math.Min(rows, generated.Count - first), generated.Size,
                (i, j) => generated[start + i][j] - mean[j]);
            var moved = block - block * transport;
            for (var i = 0; i < block.RowCount; i++)
                for (var j = 0; j < block.ColumnCount; j++)
                    contributions[first + i] += block[i, j] * (moved[i, j] + 2 * (mean[j] - real.Mean[j]));
        }
        return contributions;
    }

    private static Matrix<double> SquareRoot(Matrix<double> covariance)
    {
        var parts = covariance.Evd(Symmetricity.Symmetric);
        var roots = Vector<double>.Build.Dense(parts.EigenValues.Count, i => NonNegativeRoot(parts.EigenValues[i].Real));
        return parts.EigenVectors * Matrix<double>.Build.DiagonalOfDiagonalVector(roots) * parts.EigenVectors.Transpose();
    }

    // Rounding leaves eigenvalues that should be 0 a little below it.
    private static double NonNegativeRoot(double eigenvalue) => Math.Sqrt(Math.Max(0, eigenvalue));

    private static Matrix<double> ToMatrix(FeatureStatistics statistics) =>
        Matrix<double>.Build.Dense(statistics.Mean.Length, statistics.Mean.Length, (i, j) =>
            statistics.Covariance[i * statistics.Mean.Length + j]);
}
