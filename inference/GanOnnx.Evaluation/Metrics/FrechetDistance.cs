using MathNet.Numerics.LinearAlgebra;

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
        return [new("fd", Between(sets.Generated.Statistics(), sets.RealStatistics), "Fréchet distance, 0 or more, less is better")];
    }

    /// <summary>The distance, computed in double precision.</summary>
    public static double Between(FeatureStatistics first, FeatureStatistics second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        // Σ₁Σ₂ isn't symmetric; Σ₁^½ Σ₂ Σ₁^½ is, and has its eigenvalues.
        var root = SquareRoot(ToMatrix(first));
        var product = root * ToMatrix(second) * root;
        var traceOfRoot = (product + product.Transpose()).Divide(2)
            .Evd(Symmetricity.Symmetric).EigenValues.Sum(e => NonNegativeRoot(e.Real));
        var squaredDifference = first.Mean.Zip(second.Mean, (a, b) => (a - b) * (a - b)).Sum();
        return Math.Max(0, squaredDifference + first.TotalVariance + second.TotalVariance - 2 * traceOfRoot);
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
