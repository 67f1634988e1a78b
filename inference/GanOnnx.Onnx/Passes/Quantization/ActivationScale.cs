namespace GanOnnx.Onnx.Passes.Quantization;

/// <summary>How a float32 value becomes a byte: q = round(x / Scale) + ZeroPoint, 0 … 255; what lies outside becomes the nearest.</summary>
/// <param name="Scale">From one step to the next, above 0.</param>
/// <param name="ZeroPoint">The byte that is 0.</param>
internal readonly record struct ActivationScale(float Scale, byte ZeroPoint)
{
    public const int Steps = 255;

    /// <summary>The steps from the one to the other, 0 being one of them.</summary>
    public static ActivationScale Of(ValueInterval range)
    {
        var (low, high) = (Math.Min(range.Low, 0), Math.Max(range.High, 0));
        var scale = (float)((high - low) / Steps);
        return scale > 0 && float.IsNormal(scale) ? new(scale, (byte)Math.Round(Math.Clamp(-low / scale, 0, Steps))) : new(1, 0);
    }
}

/// <summary>From a value to a higher one.</summary>
internal readonly record struct ValueInterval(double Low, double High)
{
    public ValueInterval Union(ValueInterval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));
}
