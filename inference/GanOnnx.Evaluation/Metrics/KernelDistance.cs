using System.Numerics.Tensors;
using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>
/// The squared maximum mean discrepancy of the features under the kernel (x·y / D + 1)³, unbiased: the mean over
/// <see cref="Subsets"/> pairs of subsets of <see cref="SubsetSize"/> images, drawn without putting back. About 0 for sets of one
/// distribution, also a little below, whatever their size.
/// </summary>
/// <remarks>
/// M. Bińkowski, D. J. Sutherland, M. Arbel, A. Gretton: "Demystifying MMD GANs", 2018, https://arxiv.org/abs/1801.01401, section 4. On
/// the Inception network's features it is called KID. Subset s takes the first places of a shuffle of the real images (index 2s) and
/// of the generated ones (index 2s + 1) of <see cref="RandomStream"/> 330.
/// </remarks>
public sealed class KernelDistance : IEvaluationMetric
{
    /// <summary>How many pairs of subsets are compared.</summary>
    public const int Subsets = 100;

    /// <summary>How many images a subset has, or as many as the smaller set has.</summary>
    public const int SubsetSize = 1000;

    private const uint SubsetStream = 330;

    /// <inheritdoc/>
    public string Description => "kernel distance of the features, its mean and deviation over 100 subsets of 1,000 (Bińkowski et al. 2018)";

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationFigure> Measure(EvaluationSets sets, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var size = Math.Min(SubsetSize, Math.Min(sets.Real.Count, sets.Generated.Count));
        if (size < 2)
            throw new EvaluationException($"A kernel distance needs two images of each kind at least; there are {sets.Real.Count} real "
                + $"and {sets.Generated.Count} generated ones.");
        var stream = new RandomStream(sets.Seed, SubsetStream);
        var distances = new double[Subsets];
        Parallel.For(0, Subsets, new ParallelOptions { CancellationToken = stop }, s =>
            distances[s] = Discrepancy(Draw(sets.Real, stream, 2 * (ulong)s, size), Draw(sets.Generated, stream, 2 * (ulong)s + 1, size)));
        var mean = distances.Average();
        stop.ThrowIfCancellationRequested();
        return
        [
            new("kid", mean, "kernel distance, about 0 or more, less is better")
            {
                Deviation = Math.Sqrt(distances.Sum(d => (d - mean) * (d - mean)) / Subsets),
                Interval = Bootstrap.Around(mean, Contributions(sets, stream, size), sets.Seed),
            },
        ];
    }

    // What an image adds: twice its mean kernel with generated images less that with real ones, of which a subset each stands for all.
    private static double[] Contributions(EvaluationSets sets, RandomStream stream, int size)
    {
        var (real, generated) = (Draw(sets.Real, stream, 0, size), Draw(sets.Generated, stream, 1, size));
        var contributions = new double[sets.Generated.Count];
        Parallel.For(0, contributions.Length, i =>
        {
            var row = Row(sets.Generated, i);
            contributions[i] = 2 * (generated.Average(other => Kernel(row, other)) - real.Average(other => Kernel(row, other)));
        });
        return contributions;
    }

    /// <summary>The unbiased estimate for two sets of vectors.</summary>
    internal static double Discrepancy(double[][] first, double[][] second) =>
        WithinMean(first) + WithinMean(second) - 2 * BetweenMean(first, second);

    private static double[][] Draw(FeatureSet set, RandomStream stream, ulong index, int size)
    {
        var order = Enumerable.Range(0, set.Count).ToArray();
        stream.Shuffle(index, order.AsSpan());
        return [.. order.Take(size).Select(i => Row(set, i))];
    }

    private static double[] Row(FeatureSet set, int image)
    {
        var row = new double[set.Size];
        TensorPrimitives.ConvertTruncating(set[image], row.AsSpan());
        return row;
    }

    private static double WithinMean(double[][] set)
    {
        var sum = 0.0;
        for (var i = 1; i < set.Length; i++)
            for (var j = 0; j < i; j++)
                sum += Kernel(set[i], set[j]);
        return 2 * sum / ((double)set.Length * (set.Length - 1));
    }

    private static double BetweenMean(double[][] first, double[][] second)
    {
        var sum = 0.0;
        foreach (var x in first)
            foreach (var y in second)
                sum += Kernel(x, y);
        return sum / ((double)first.Length * second.Length);
    }

    private static double Kernel(double[] x, double[] y)
    {
        var value = TensorPrimitives.Dot<double>(x, y) / x.Length + 1;
        return value * value * value;
    }
}
