namespace GanOnnx.Onnx.Passes.Precision;

/// <summary>What a float32 value is for the example.</summary>
/// <param name="Largest">Its largest absolute value; infinite where some aren't finite numbers.</param>
/// <param name="Count">How many numbers it has.</param>
internal readonly record struct ValueRange(double Largest, long Count)
{
    // A quarter of float16's largest number, since other inputs may give more, and its smallest one of full precision.
    private const double Most = 16384, Least = 6.103515625e-5;

    /// <summary>Whether float16 holds it; a value that is zero throughout too.</summary>
    public bool FitsHalf => Largest <= Most && (Largest >= Least || Largest == 0);

    public static ValueRange Of(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : float.PositiveInfinity;
        return new ValueRange(largest, values.Length);
    }
}
