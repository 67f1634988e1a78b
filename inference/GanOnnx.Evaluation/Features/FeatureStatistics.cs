using System.Numerics.Tensors;

namespace GanOnnx.Evaluation;

/// <summary>A set of feature vectors as a normal distribution.</summary>
/// <param name="Count">How many vectors there are.</param>
/// <param name="Mean">The mean <c>[D]</c>.</param>
/// <param name="Covariance">The covariance <c>[D, D]</c>, row by row, divided by N − 1.</param>
public sealed record FeatureStatistics(long Count, double[] Mean, double[] Covariance)
{
    /// <summary>The sum of the features' variances.</summary>
    public double TotalVariance => Enumerable.Range(0, Mean.Length).Sum(i => Covariance[i * (Mean.Length + 1)]);

    /// <exception cref="InvalidOperationException">There are fewer than two vectors.</exception>
    internal static FeatureStatistics Of(FeatureSet set)
    {
        if (set.Count < 2)
            throw new InvalidOperationException($"A covariance needs two vectors at least; there is {set.Count}.");
        var mean = MeanOf(set);
        // Row i of the matrix is worth a task: sums over all vectors in one order, so that the result doesn't depend on the threads.
        var covariance = new double[set.Size * set.Size];
        var centered = Centered(set, mean);
        Parallel.For(0, set.Size, i =>
        {
            for (var j = i; j < set.Size; j++)
                covariance[i * set.Size + j] = covariance[j * set.Size + i] =
                    TensorPrimitives.Dot<double>(centered[i], centered[j]) / (set.Count - 1);
        });
        return new(set.Count, mean, covariance);
    }

    internal static double[] MeanOf(FeatureSet set)
    {
        var (sum, row) = (new double[set.Size], new double[set.Size]);
        for (var i = 0; i < set.Count; i++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(set[i], row);
            TensorPrimitives.Add<double>(sum, row, sum);
        }
        TensorPrimitives.Divide<double>(sum, set.Count, sum);
        return sum;
    }

    // Feature by feature, as the products go over one feature of all vectors.
    private static double[][] Centered(FeatureSet set, double[] mean)
    {
        var columns = new double[set.Size][];
        Parallel.For(0, set.Size, feature =>
        {
            var column = columns[feature] = new double[set.Count];
            for (var i = 0; i < column.Length; i++)
                column[i] = set[i][feature] - mean[feature];
        });
        return columns;
    }
}
