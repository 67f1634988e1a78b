namespace GanOnnx.Onnx.Checking;

/// <summary>
/// What the values along one axis of an image depend on: value j on the input's pixels from Step · j − Before to Step · j + After.
/// </summary>
/// <param name="Across">Input pixels per <paramref name="Per"/> values: the step is Across / Per, in lowest terms.</param>
/// <param name="Per">See <paramref name="Across"/>.</param>
/// <param name="Before">0 or more.</param>
/// <param name="After">A step less one or more: a pixel belongs to itself.</param>
/// <param name="Multiple">What positions in the input have to be multiples of, to be positions in all that was made on the way.</param>
/// <param name="More">How many values there are more than pixels / Step, where there are such a multiple of pixels.</param>
internal readonly record struct AxisField(long Across, long Per, double Before, double After, long Multiple, long More)
{
    // Beyond it no picture is large enough to be cut up.
    private const long Largest = 1 << 16;

    /// <summary>The input itself.</summary>
    public static AxisField Input { get; } = new(1, 1, 0, 0, 1, 0);

    public double Step => (double)Across / Per;

    /// <summary>Whether positions can be counted.</summary>
    public bool IsSane => Across is > 0 and <= Largest && Per is > 0 and <= Largest && Multiple is > 0 and <= Largest
        && Before <= Largest && After <= Largest && Math.Abs(More) <= Largest;

    /// <summary>A window that moves: of the values t·i − pad + d·m, m from 0 below k.</summary>
    /// <param name="kernel">Values of the window (k).</param>
    /// <param name="stride">How far it moves (t).</param>
    /// <param name="dilation">How far its values are apart (d).</param>
    /// <param name="pad">Values added before the first one.</param>
    /// <param name="end">Values added after the last one.</param>
    public AxisField Window(long kernel, long stride, long dilation, long pad, long end)
    {
        var reach = dilation * (kernel - 1);
        return Of(Across * stride, Per, Before + Step * pad, After + Step * (reach - pad),
            (long)Math.Floor((double)(More + pad + end - reach - 1) / stride) + 1);
    }

    /// <summary>A window that is spread out: value j reaches t·j − pad + d·m, m from 0 below k.</summary>
    /// <inheritdoc cref="Window"/>
    public AxisField Spread(long kernel, long stride, long dilation, long pad, long end)
    {
        var reach = dilation * (kernel - 1);
        return Of(Across, Per * stride, Before + Step * (reach - pad) / stride, After + Step * pad / stride,
            More * stride + reach + 1 - stride - pad - end);
    }

    /// <summary>Each value becomes several.</summary>
    public AxisField Split(long factor) => Of(Across, Per * factor, Before + Step * (factor - 1) / factor, After, More * factor);

    /// <summary>Several become one; null where some would be left.</summary>
    public AxisField? Join(long factor) =>
        More % factor != 0 ? null : Of(Across * factor, Per, Before, After + Step * (factor - 1), More / factor);

    /// <summary>Interpolated: value i from those around i · down / up, as far as <paramref name="reach"/> of the coarser ones; null where
    /// the ends don't meet.</summary>
    public AxisField? Resize(long up, long down, int reach) => More % down != 0 ? null
        : Of(Across * down, Per * up, Before + Step * down * reach, After + Step * down * reach, More / down * up);

    /// <summary>Values are added before the first and after the last one, or taken away: value i is what value i − start was.</summary>
    public AxisField Pad(long start, long end) => Of(Across, Per, Before + Step * start, After - Step * start, More + start + end);

    /// <summary>Of two values at one place; null where their places differ.</summary>
    public AxisField? With(AxisField other) => (Across, Per, More) == (other.Across, other.Per, other.More)
        ? this with
        {
            Before = Math.Max(Before, other.Before),
            After = Math.Max(After, other.After),
            Multiple = CommonMultiple(Multiple, other.Multiple),
        } : null;

    // What was cut off or lies beside counts as if it were looked at: then no value of a part is taken for one of its border's. The first
    // value that a part lacks is the one after pixels / Step + More.
    private static AxisField Of(long across, long per, double before, double after, long multiple, long more)
    {
        var common = Divisor(across, per);
        (across, per) = (across / common, per / common);
        var step = (double)across / per;
        return new(across, per, Math.Max(0, before), Math.Max(Math.Max(step - 1, 0), Math.Max(after, -step * more)),
            CommonMultiple(multiple, across), more);
    }

    private AxisField Of(long across, long per, double before, double after, long more) => Of(across, per, before, after, Multiple, more);

    private static long CommonMultiple(long a, long b) => a / Divisor(a, b) * b;

    private static long Divisor(long a, long b) => b == 0 ? Math.Max(1, a) : Divisor(b, a % b);
}
