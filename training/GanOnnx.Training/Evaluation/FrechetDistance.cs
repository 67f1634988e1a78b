using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Evaluation;

/// <summary>
/// How far apart two sets of images are, by a network's features: the squared Fréchet (2-Wasserstein) distance of two
/// normal distributions, ‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½). 0 for equal statistics, else above.
/// </summary>
/// <remarks>
/// M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler, S. Hochreiter: "GANs Trained by a Two Time-Scale Update Rule Converge
/// to a Local Nash Equilibrium", 2017, https://arxiv.org/abs/1706.08500, equation 6. There the features are the Inception
/// network's and the distance is called FID; with another network's it is another number on another scale.
/// </remarks>
internal static class FrechetDistance
{
    /// <summary>The distance, computed in double precision.</summary>
    public static double Between(FeatureStatistics first, FeatureStatistics second)
    {
        using var scope = NewDisposeScope();
        // Σ₁Σ₂ isn't symmetric; Σ₁^½ Σ₂ Σ₁^½ is, and has its eigenvalues.
        var root = SquareRoot(Matrix(first));
        var (eigenvalues, _) = linalg.eigh(root.matmul(Matrix(second)).matmul(root));
        var traceOfRoot = NonNegativeRoots(eigenvalues).sum().item<double>();
        var squaredDifference = first.Mean.Zip(second.Mean, (a, b) => (a - b) * (a - b)).Sum();
        return Math.Max(0, squaredDifference + first.TotalVariance + second.TotalVariance - 2 * traceOfRoot);
    }

    private static Tensor SquareRoot(Tensor covariance)
    {
        var (eigenvalues, eigenvectors) = linalg.eigh(covariance);
        return eigenvectors.mul(NonNegativeRoots(eigenvalues)).matmul(eigenvectors.t());
    }

    // Rounding leaves eigenvalues that should be 0 a little below it.
    private static Tensor NonNegativeRoots(Tensor eigenvalues) => eigenvalues.clamp_min(0).sqrt();

    private static Tensor Matrix(FeatureStatistics statistics) =>
        tensor(statistics.Covariance, [statistics.Mean.Length, statistics.Mean.Length]);
}
