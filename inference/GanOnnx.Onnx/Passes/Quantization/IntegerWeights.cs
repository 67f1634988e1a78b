namespace GanOnnx.Onnx.Passes.Quantization;

/// <summary>A layer's weights as signed bytes with a scale for each output channel.</summary>
/// <remarks>
/// 7 bits: −63 … 63. A processor without VNNI adds two products of a byte and a signed byte in 16 bits, where 2 · 255 · 127 doesn't fit and
/// 2 · 255 · 63 does: with 8 bits its pictures would be wrong.
/// </remarks>
/// <param name="Values">The weights.</param>
/// <param name="Scales">From one step to the next, for each channel.</param>
internal sealed record IntegerWeights(sbyte[] Values, float[] Scales)
{
    public const int Largest = 63;

    /// <param name="weights">Channel by channel.</param>
    /// <param name="channels">How many channels they are for.</param>
    public static IntegerWeights Of(ReadOnlySpan<float> weights, int channels)
    {
        var (values, scales, length) = (new sbyte[weights.Length], new float[channels], weights.Length / channels);
        for (var channel = 0; channel < channels; channel++)
        {
            var from = weights.Slice(channel * length, length);
            var largest = 0f;
            foreach (var weight in from)
                largest = Math.Max(largest, Math.Abs(weight));
            var scale = largest / Largest;
            scales[channel] = float.IsNormal(scale) ? scale : 1;
            for (var i = 0; i < length; i++)
                values[channel * length + i] = (sbyte)Math.Clamp(MathF.Round(from[i] / scales[channel]), -Largest, Largest);
        }
        return new(values, scales);
    }

    /// <summary>A bias in the steps of the sums that it is added to.</summary>
    /// <param name="bias">One value for each channel.</param>
    /// <param name="input">The scale of what the weights are multiplied with.</param>
    public int[] Bias(ReadOnlySpan<float> bias, float input)
    {
        var steps = new int[bias.Length];
        for (var channel = 0; channel < steps.Length; channel++)
            steps[channel] = (int)Math.Clamp(Math.Round(bias[channel] / ((double)input * Scales[channel])), -LargestBias, LargestBias);
        return steps;
    }

    // Sums of products are added to it in 32 bits.
    private const double LargestBias = 1 << 30;
}
