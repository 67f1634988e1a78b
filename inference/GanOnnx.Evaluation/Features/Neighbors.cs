using System.Numerics.Tensors;

namespace GanOnnx.Evaluation;

/// <summary>Distances between feature vectors, in double precision: balls' edges are compared, and must not depend on rounding.</summary>
internal static class Neighbors
{
    // Two blocks of 512 features in double precision stay in a core's cache.
    private const int RowsPerBlock = 64;

    /// <summary>For each vector the distances to its nearest others, from near to far.</summary>
    public static double[][] Distances(FeatureSet set, int neighbors, CancellationToken stop)
    {
        var nearest = new double[set.Count][];
        for (var i = 0; i < nearest.Length; i++)
            Array.Fill(nearest[i] = new double[neighbors], double.PositiveInfinity);
        ForEachPair(set, set, (i, j, distance) =>
        {
            if (i != j && distance < nearest[i][^1])
                Insert(nearest[i], distance);
        }, stop);
        return nearest;
    }

    /// <summary>For each vector of the first set the nearest of the second.</summary>
    public static (int Place, double Distance)[] Nearest(FeatureSet first, FeatureSet second, CancellationToken stop)
    {
        var nearest = new (int Place, double Distance)[first.Count];
        Array.Fill(nearest, (-1, double.PositiveInfinity));
        ForEachPair(first, second, (i, j, distance) =>
        {
            if (distance < nearest[i].Distance)
                nearest[i] = (j, distance);
        }, stop);
        return nearest;
    }

    /// <summary>Calls with each pair and their distance; all pairs of a row of the first set one after the other, on one
    /// thread.</summary>
    public static void ForEachPair(FeatureSet first, FeatureSet second, Action<int, int, double> pair, CancellationToken stop)
    {
        var blocks = (first.Count + RowsPerBlock - 1) / RowsPerBlock;
        Parallel.For(0, blocks, new ParallelOptions { CancellationToken = stop }, () => new Buffers(first.Size), (block, _, buffers) =>
        {
            var (start, end) = Range(block, first);
            buffers.Fill(buffers.First, first, start, end);
            for (var other = 0; other * RowsPerBlock < second.Count && !stop.IsCancellationRequested; other++)
            {
                var (from, to) = Range(other, second);
                buffers.Fill(buffers.Second, second, from, to);
                for (var i = start; i < end; i++)
                    for (var j = from; j < to; j++)
                        pair(i, j, buffers.Distance(i - start, j - from));
            }
            return buffers;
        }, _ => { });
        stop.ThrowIfCancellationRequested();
    }

    private static (int Start, int End) Range(int block, FeatureSet set) =>
        (block * RowsPerBlock, Math.Min(set.Count, (block + 1) * RowsPerBlock));

    private static void Insert(double[] nearest, double distance)
    {
        var at = nearest.Length - 1;
        for (; at > 0 && nearest[at - 1] > distance; at--)
            nearest[at] = nearest[at - 1];
        nearest[at] = distance;
    }

    /// <summary>A block of each set as doubles.</summary>
    private sealed class Buffers(int size)
    {
        public double[] First { get; } = new double[RowsPerBlock * size];

        public double[] Second { get; } = new double[RowsPerBlock * size];

        public void Fill(double[] block, FeatureSet set, int start, int end)
        {
            for (var i = start; i < end; i++)
                TensorPrimitives.ConvertTruncating(set[i], block.AsSpan((i - start) * size, size));
        }

        public double Distance(int first, int second) =>
            TensorPrimitives.Distance<double>(First.AsSpan(first * size, size), Second.AsSpan(second * size, size));
    }
}
