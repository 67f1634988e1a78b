namespace GanOnnx.Training.Monitoring.TensorBoard;

/// <summary>Counts values in TensorBoard's buckets, each a tenth wider than the one nearer to zero: 10⁻¹² to 10²⁰ of either sign.</summary>
internal static class Histograms
{
    private static readonly double[] _limits = Limits();

    /// <summary>The histogram, or null if none of the values is finite.</summary>
    public static SummaryHistogram? Count(ReadOnlySpan<float> values)
    {
        var histogram = new SummaryHistogram { Min = double.PositiveInfinity, Max = double.NegativeInfinity };
        var counts = new long[_limits.Length];
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                continue;
            histogram.Min = Math.Min(histogram.Min, value);
            histogram.Max = Math.Max(histogram.Max, value);
            histogram.Count++;
            histogram.Sum += value;
            histogram.SumOfSquares += (double)value * value;
            counts[Bucket(value)]++;
        }
        if (histogram.Count == 0)
            return null;
        AddOccupied(histogram, counts);
        return histogram;
    }

    // A bucket holds values below its limit, from the limit before it on.
    private static int Bucket(double value)
    {
        var found = Array.BinarySearch(_limits, value);
        return found >= 0 ? found + 1 : ~found;
    }

    // The empty bucket before an occupied one tells where the occupied one begins.
    private static void AddOccupied(SummaryHistogram histogram, long[] counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            var beforeOccupied = i + 1 < counts.Length && counts[i + 1] > 0;
            if (counts[i] == 0 && !beforeOccupied)
                continue;
            histogram.UpperLimits.Add(_limits[i]);
            histogram.Counts.Add(counts[i]);
        }
    }

    private static double[] Limits()
    {
        List<double> positive = [];
        for (var limit = 1e-12; limit < 1e20; limit *= 1.1)
            positive.Add(limit);
        return [.. positive.Select(limit => -limit).Reverse(), 0, .. positive, double.MaxValue];
    }
}
