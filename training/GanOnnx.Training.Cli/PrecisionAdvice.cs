using static System.FormattableString;

namespace GanOnnx.Training.Cli;

/// <summary>The sentence on <c>--precision</c>, where another one is faster on this CPU.</summary>
internal static class PrecisionAdvice
{
    // Less of a convolution's time isn't worth the digits: the rest of a step stays as it is.
    private const double WorthIt = 1.3;

    /// <param name="precision">The run's.</param>
    /// <param name="speedUp">How many times as fast as in float32 a convolution is in bfloat16; null where it isn't known.</param>
    /// <returns>Null where the precision is as good as the other.</returns>
    public static string? Of(string precision, double? speedUp) => (precision, speedUp) switch
    {
        ("float32", >= WorthIt) =>
            Invariant($"this CPU computes convolutions {speedUp:0.0} times as fast in bfloat16: --precision bf16 trains faster, see docs/training.md"),
        ("bf16", < 1) =>
            Invariant($"this CPU computes convolutions more slowly in bfloat16, {speedUp:0.0#} times as fast: --precision float32 trains faster"),
        _ => null,
    };
}
