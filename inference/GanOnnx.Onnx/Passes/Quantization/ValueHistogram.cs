namespace GanOnnx.Onnx.Passes.Quantization;

/// <summary>How often a value of a graph is how large, counted while it runs, and which part of that is worth its 256 steps.</summary>
/// <param name="range">The least and the largest value.</param>
internal sealed class ValueHistogram(ValueInterval range)
{
    private const int Bins = 2048, Candidates = 64;
    private const double OutsidePercentile = 0.0001, LeastPart = 0.2;

    private readonly long[] _counts = new long[Bins];
    private readonly double _width = Math.Max((range.High - range.Low) / Bins, double.Epsilon);

    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            _counts[(int)Math.Clamp((value - range.Low) / _width, 0, Bins - 1)]++;
    }

    public ValueInterval MinMax => range;

    /// <summary>All but a ten-thousandth of the values, a half of it at each end.</summary>
    public ValueInterval Percentile()
    {
        var outside = _counts.Sum() * OutsidePercentile / 2;
        return new(range.Low + _width * End(_counts, outside), range.High - _width * End([.. _counts.Reverse()], outside));

        static int End(long[] counts, double outside)
        {
            var (bin, sum) = (0, 0L);
            while (bin < Bins - 1 && (sum += counts[bin]) <= outside)
                bin++;
            return bin;
        }
    }

    /// <summary>The part with the least mean squared error of the bytes.</summary>
    /// <param name="endsInTanh">Whether only the hyperbolic tangent of the value is used, which forgives errors far from 0.</param>
    public ValueInterval LeastError(bool endsInTanh)
    {
        // Each end by itself, in turns: the other one stays where it was best.
        var best = range;
        for (var turn = 0; turn < 2; turn++)
        {
            best = Best(part => best with { High = range.High * part });
            best = Best(part => best with { Low = range.Low * part });
        }
        return best;

        ValueInterval Best(Func<double, ValueInterval> at) =>
            Enumerable.Range(0, Candidates).Select(i => at(1 - (1 - LeastPart) * i / (Candidates - 1)))
                .MinBy(part => Error(part, endsInTanh));
    }

    private double Error(ValueInterval part, bool endsInTanh)
    {
        var step = Math.Max((Math.Max(part.High, 0) - Math.Min(part.Low, 0)) / ActivationScale.Steps, double.Epsilon);
        var (low, high) = (Math.Min(part.Low, 0) - step / 2, Math.Max(part.High, 0) + step / 2);
        var sum = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            if (_counts[bin] == 0)
                continue;
            var value = range.Low + (bin + 0.5) * _width;
            var clipped = Math.Clamp(value, low, high);
            var (slope, cut) = endsInTanh
                ? (1 - Math.Tanh(value) * Math.Tanh(value), Math.Tanh(value) - Math.Tanh(clipped))
                : (1, value - clipped);
            sum += _counts[bin] * (cut * cut + (clipped == value ? slope * slope * step * step / 12 : 0));
        }
        return sum;
    }
}
