namespace GanOnnx.Onnx.Checking;

/// <summary>
/// What the values along one axis of an image depend on: value j on the input's pixels from Step · j − Before to Step · j + After.
/// </summary>
/// <param name="Across">Input pixels per <paramref name="Per"/> values: the step is Across / Per, in lowest terms.</param>
/// <param name="Per">See <paramref name="Across"/>.</param>
/// <param name="Before">0 or more.</param>
/// <param name="After">A step less one or more: a pixel belongs to itself.</param>
/// <param name="Multiple">What positions in the input have to be multiples of, to be positions in all that was made on the way.</param>
internal readonly record struct AxisField(long Across, long Per, double Before, double After, long Multiple)
{
    // Beyond it no picture is large enough to be cut up.
    private const long Largest = 1 << 16;

    /// <summary>The input itself.</summary>
    public static AxisField Input { get; } = new(1, 1, 0, 0, 1);

    public double Step => (double)Across / Per;

    /// <summary>Whether positions can be counted.</summary>
    public bool IsSane => Across is > 0 and <= Largest && Per is > 0 and <= Largest && Multiple is > 0 and <= Largest
        && Before <= Largest && After <= Largest;

    /// <summary>A window that moves: of the values t·i − pad + d·m, m from 0 below k.</summary>
    public AxisField Window(long kernel, long stride, long dilation, long pad) =>
        Of(Across * stride, Per, Before + Step * pad, After + Step * (dilation * (kernel - 1) - pad));

    /// <summary>A window that is spread out: value j reaches t·j − pad + d·m, m from 0 below k.</summary>
    public AxisField Spread(long kernel, long stride, long dilation, long pad) =>
        Of(Across, Per * stride, Before + Step * (dilation * (kernel - 1) - pad) / stride, After + Step * pad / stride);

    /// <summary>Each value becomes several.</summary>
    public AxisField Split(long factor) => Of(Across, Per * factor, Before + Step * (factor - 1) / factor, After);

    /// <summary>Several become one.</summary>
    public AxisField Join(long factor) => Of(Across * factor, Per, Before, After + Step * (factor - 1));

    /// <summary>Interpolated: value i from those around i / factor, as far as <paramref name="reach"/> of the coarser ones.</summary>
    public AxisField Resize(long up, long down, int reach) =>
        Of(Across * down, Per * up, Before + Step * down * reach, After + Step * down * reach);

    /// <summary>Value i is what value i − by was.</summary>
    public AxisField Shift(long by) => Of(Across, Per, Before + Step * by, After - Step * by);

    /// <summary>Of two values at one place; null where their places differ.</summary>
    public AxisField? With(AxisField other) => (Across, Per) == (other.Across, other.Per)
        ? new(Across, Per, Math.Max(Before, other.Before), Math.Max(After, other.After), CommonMultiple(Multiple, other.Multiple)) : null;

    private AxisField Of(long across, long per, double before, double after)
    {
        var common = Divisor(across, per);
        (across, per) = (across / common, per / common);
        // What was cut off or lies beside counts as if it were looked at: then no value of a part is taken for one of its border's.
        return new(across, per, Math.Max(0, before), Math.Max((double)across / per - 1, after), CommonMultiple(Multiple, across));
    }

    private static long CommonMultiple(long a, long b) => a / Divisor(a, b) * b;

    private static long Divisor(long a, long b) => b == 0 ? Math.Max(1, a) : Divisor(b, a % b);
}
