namespace GanOnnx.Training.Monitoring.Report;

/// <summary>An axis: where a value lies from 0 to 1, and which values are marked.</summary>
internal sealed class Axis
{
    private const int MarksWanted = 5;

    private readonly Func<double, double> _scale;
    private readonly double _low, _high;

    private Axis(Func<double, double> scale, double low, double high, IReadOnlyList<double> marks) =>
        (_scale, _low, _high, Marks) = (scale, scale(low), scale(high), marks);

    /// <summary>Values to mark, all within the axis.</summary>
    public IReadOnlyList<double> Marks { get; }

    /// <summary>0 at the axis' lower end, 1 at the upper.</summary>
    public double Position(double value) => (_scale(value) - _low) / (_high - _low);

    /// <summary>An axis whose marks are round numbers, widened to the next ones if <paramref name="pad"/> is set.</summary>
    public static Axis Linear(double low, double high, bool pad = true)
    {
        if (high <= low)
            (low, high) = (low - 0.1 * Math.Max(Math.Abs(low), 1e-3), low + 0.1 * Math.Max(Math.Abs(low), 1e-3));
        var step = Step((high - low) / MarksWanted);
        if (pad)
            (low, high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
        List<double> marks = [];
        for (var i = (long)Math.Ceiling(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
            marks.Add(i * step);
        return new Axis(value => value, low, high, marks);
    }

    /// <summary>An axis of positive values whose marks are powers of ten.</summary>
    public static Axis Logarithmic(double low, double high)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high)));
        var stride = Math.Max(1, (last - first + MarksWanted - 1) / MarksWanted);
        var marks = Enumerable.Range(0, (last - first) / stride + 1).Select(i => Math.Pow(10, first + i * stride));
        return new Axis(value => value > 0 ? Math.Log10(value) : double.NaN, Math.Pow(10, first), Math.Pow(10, last), [.. marks]);
    }

    private static double Step(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
