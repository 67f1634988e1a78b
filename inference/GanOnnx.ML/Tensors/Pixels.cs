namespace GanOnnx.ML.Tensors;

/// <summary>Images as bytes [H, W, C] and as values −1 to 1 [C, H, W]; the same as <see cref="Inference.ImageBatch"/>'s.</summary>
internal static class Pixels
{
    public static void ToFloats(ReadOnlySpan<byte> bytes, int channels, Span<float> values)
    {
        var plane = bytes.Length / channels;
        for (var c = 0; c < channels; c++)
            for (var i = 0; i < plane; i++)
                values[c * plane + i] = (bytes[i * channels + c] - 127.5f) / 127.5f;
    }

    public static void ToBytes(ReadOnlySpan<float> values, int channels, Span<byte> bytes)
    {
        var plane = values.Length / channels;
        for (var c = 0; c < channels; c++)
            for (var i = 0; i < plane; i++)
                bytes[i * channels + c] = (byte)Math.Clamp(values[c * plane + i] * 127.5f + 128f, 0f, 255f);
    }
}
