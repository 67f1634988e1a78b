namespace GanOnnx.Evaluation;

/// <summary>Distances between feature vectors. The same two vectors have the same distance in either order, as edges of balls are
/// compared.</summary>
internal static class Neighbors
{
    // A block of 512 features stays in a core's cache.
    private const int RowsPerBlock = 64;

    /// <summary>How many of its nearest a vector's distances are known to.</summary>
    public const int Known = 5;

    /// <summary>For each vector the distances to its nearest others, from near to far.</summary>
    public static double[][] Distances(FeatureSet set, CancellationToken stop)
    {
        const int neighbors = Known;
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
        var size = first.Size;
        Parallel.For(0, blocks, new ParallelOptions { CancellationToken = stop },
            () => (new float[RowsPerBlock * size], new double[RowsPerBlock]),
            (block, _, buffers) =>
            {
                var (others, distances) = buffers;
                var (start, end) = Range(block, first);
                for (var other = 0; other * RowsPerBlock < second.Count && !stop.IsCancellationRequested; other++)
                {
                    var (from, to) = Range(other, second);
                    for (var j = from; j < to; j++)
                        second[j].CopyTo(others.AsSpan((j - from) * size));
                    for (var i = start; i < end; i++)
                    {
                        Pairs.Distances(first[i], others.AsSpan(0, (to - from) * size), distances.AsSpan(0, to - from));
                        for (var j = from; j < to; j++)
                            pair(i, j, distances[j - from]);
                    }
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
}
