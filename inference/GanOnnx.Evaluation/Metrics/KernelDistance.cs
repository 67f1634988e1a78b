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
        // Whole sets are the same whatever their order.
        var distances = new double[size == sets.Real.Count && size == sets.Generated.Count ? 1 : Subsets];
        Parallel.For(0, distances.Length, new ParallelOptions { CancellationToken = stop }, s =>
            distances[s] = Discrepancy(Draw(sets.Real, stream, 2 * (ulong)s, size), Draw(sets.Generated, stream, 2 * (ulong)s + 1, size),
                sets.Real.Size));
        var mean = distances.Average();
        stop.ThrowIfCancellationRequested();
        return
        [
            new("kid", mean, "kernel distance, about 0 or more, less is better")
            {
                Deviation = Math.Sqrt(distances.Sum(d => (d - mean) * (d - mean)) / distances.Length),
                Interval = Bootstrap.Around(mean, Contributions(sets, stream, size), sets.Seed),
            },
        ];
    }

    // What an image adds: twice its mean kernel with generated images less that with real ones, of which a subset each stands for all.
    private static double[] Contributions(EvaluationSets sets, RandomStream stream, int size)
    {
        var (real, generated) = (Draw(sets.Real, stream, 0, size), Draw(sets.Generated, stream, 1, size));
        var contributions = new double[sets.Generated.Count];
        Parallel.For(0, contributions.Length, () => (new double[sets.Generated.Size], new double[size]), (i, _, work) =>
        {
            var (row, products) = work;
            TensorPrimitives.ConvertTruncating(sets.Generated[i], row.AsSpan());
            contributions[i] = 2 * (KernelSum(row, generated, products) - KernelSum(row, real, products)) / size;
            return work;
        }, _ => { });
        return contributions;
    }

    /// <summary>The unbiased estimate for two sets of vectors, one after the other.</summary>
    internal static double Discrepancy(double[] first, double[] second, int size) =>
        WithinMean(first, size) + WithinMean(second, size) - 2 * BetweenMean(first, second, size);

    private static double[] Draw(FeatureSet set, RandomStream stream, ulong index, int count)
    {
        var order = Enumerable.Range(0, set.Count).ToArray();
        stream.Shuffle(index, order.AsSpan());
        var rows = new double[count * set.Size];
        for (var i = 0; i < count; i++)
            TensorPrimitives.ConvertTruncating(set[order[i]], rows.AsSpan(i * set.Size, set.Size));
        return rows;
    }

    private static double WithinMean(double[] set, int size)
    {
        var (count, sum) = (set.Length / size, 0.0);
        var products = new double[count];
        for (var i = 1; i < count; i++)
            sum += KernelSum(set.AsSpan(i * size, size), set.AsSpan(0, i * size), products);
        return 2 * sum / ((double)count * (count - 1));
    }

    private static double BetweenMean(double[] first, double[] second, int size)
    {
        var sum = 0.0;
        var products = new double[second.Length / size];
        for (var i = 0; i < first.Length; i += size)
            sum += KernelSum(first.AsSpan(i, size), second, products);
        return sum / ((double)(first.Length / size) * products.Length);
    }

    private static double KernelSum(ReadOnlySpan<double> x, ReadOnlySpan<double> others, double[] products)
    {
        var count = others.Length / x.Length;
        Pairs.Products(x, others, products.AsSpan(0, count));
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            var value = products[i] / x.Length + 1;
            sum += value * value * value;
        }
        return sum;
    }
}
