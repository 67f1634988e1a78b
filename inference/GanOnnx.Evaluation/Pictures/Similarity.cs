namespace GanOnnx.Evaluation;

/// <summary>How alike two planes of one size are, in double precision.</summary>
internal static class Similarity
{
    /// <summary>The height and width of the window of <see cref="Ssim"/>.</summary>
    public const int Window = 11;

    private const double Sigma = 1.5, K1 = 0.01, K2 = 0.03;
    private const double C1 = K1 * byte.MaxValue * (K1 * byte.MaxValue), C2 = K2 * byte.MaxValue * (K2 * byte.MaxValue);

    private static readonly double[] _gaussian = Gaussian();

    /// <summary>Mean absolute difference, of 0 … 255.</summary>
    public static double L1(Plane one, Plane other)
    {
        var sum = 0L;
        for (var i = 0; i < one.Values.Length; i++)
            sum += Math.Abs(one.Values[i] - other.Values[i]);
        return (double)sum / one.Values.Length;
    }

    /// <summary>Peak signal-to-noise ratio in dB, of a peak of 255; infinite where they are equal.</summary>
    public static double Psnr(Plane one, Plane other)
    {
        var sum = 0L;
        for (var i = 0; i < one.Values.Length; i++)
        {
            var difference = one.Values[i] - other.Values[i];
            sum += difference * difference;
        }
        return sum == 0 ? double.PositiveInfinity
            : 10 * Math.Log10((double)byte.MaxValue * byte.MaxValue * one.Values.Length / sum);
    }

    /// <summary>
    /// Mean structural similarity of Wang et al. 2004: a Gaussian window of 11 × 11, σ = 1.5, wherever it lies within the planes. Null
    /// where it doesn't fit.
    /// </summary>
    public static double? Ssim(Plane one, Plane other, CancellationToken stop)
    {
        if (one.Width < Window || one.Height < Window)
            return null;
        var columns = new Moments[one.Width];
        var sum = 0.0;
        for (var y = 0; y <= one.Height - Window; y++)
        {
            stop.ThrowIfCancellationRequested();
            // A column's window first: a row of them is all that is held.
            Array.Clear(columns);
            for (var i = 0; i < Window; i++)
                for (var (x, at) = (0, (y + i) * one.Width); x < columns.Length; x++, at++)
                    columns[x].Add(_gaussian[i], Moments.Of(one.Values[at], other.Values[at]));
            for (var x = 0; x <= columns.Length - Window; x++)
            {
                var window = new Moments();
                for (var i = 0; i < Window; i++)
                    window.Add(_gaussian[i], columns[x + i]);
                sum += window.Similarity;
            }
        }
        return sum / ((long)(one.Height - Window + 1) * (one.Width - Window + 1));
    }

    private static double[] Gaussian()
    {
        var values = Enumerable.Range(0, Window).Select(i => Math.Exp(-Math.Pow(i - Window / 2, 2) / (2 * Sigma * Sigma))).ToArray();
        var sum = values.Sum();
        return Array.ConvertAll(values, value => value / sum);
    }

    /// <summary>Means of two values, their squares and their product.</summary>
    private struct Moments
    {
        private double _one, _other, _oneSquared, _otherSquared, _product;

        public static Moments Of(double one, double other) =>
            new() { _one = one, _other = other, _oneSquared = one * one, _otherSquared = other * other, _product = one * other };

        public void Add(double weight, in Moments moments)
        {
            _one += weight * moments._one;
            _other += weight * moments._other;
            _oneSquared += weight * moments._oneSquared;
            _otherSquared += weight * moments._otherSquared;
            _product += weight * moments._product;
        }

        public readonly double Similarity
        {
            get
            {
                var (squares, product) = (_one * _one + _other * _other, _one * _other);
                return (2 * product + C1) * (2 * (_product - product) + C2)
                    / ((squares + C1) * (_oneSquared + _otherSquared - squares + C2));
            }
        }
    }
}
