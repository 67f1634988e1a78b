using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Evaluation;

/// <summary>A set of feature vectors as a normal distribution: the mean <c>[D]</c> and the covariance <c>[D, D]</c>, row by row, divided by
/// N − 1.</summary>
internal sealed record FeatureStatistics(long Count, double[] Mean, double[] Covariance)
{
    /// <summary>The sum of the features' variances.</summary>
    public double TotalVariance => Enumerable.Range(0, Mean.Length).Sum(i => Covariance[i * (Mean.Length + 1)]);
}

/// <summary>Gathers feature vectors, a batch at a time, in double precision; memory doesn't grow with their number.</summary>
internal sealed class FeatureMoments(int size)
{
    private readonly double[] _sums = new double[size];
    private readonly double[] _products = new double[size * size];
    private long _count;

    /// <summary>Adds a batch <c>[N, D]</c>.</summary>
    public void Add(Tensor features)
    {
        using var scope = NewDisposeScope();
        var values = features.to(float64);
        Accumulate(values.sum(dim: 0), _sums); // a bare 0 would be a type
        Accumulate(values.t().matmul(values), _products);
        _count += values.shape[0];
    }

    /// <summary>What was added so far: two vectors at least.</summary>
    public FeatureStatistics Statistics()
    {
        var mean = Array.ConvertAll(_sums, sum => sum / _count);
        var covariance = new double[size * size];
        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++)
                covariance[i * size + j] = (_products[i * size + j] - _count * mean[i] * mean[j]) / (_count - 1);
        return new FeatureStatistics(_count, mean, covariance);
    }

    private static void Accumulate(Tensor values, double[] totals)
    {
        var added = values.data<double>().ToArray();
        for (var i = 0; i < totals.Length; i++)
            totals[i] += added[i];
    }
}
