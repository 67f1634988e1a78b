namespace GanOnnx.Inference;

/// <summary>Images of one size: float32 <c>[N, C, H, W]</c> with values from −1 to 1.</summary>
public sealed class ImageBatch
{
    private readonly float[] _pixels;

    /// <summary>Wraps pixels in <c>[N, C, H, W]</c> order. The array is kept, not copied.</summary>
    /// <exception cref="ArgumentException">The array's length is not count × channels × height × width.</exception>
    public ImageBatch(float[] pixels, int count, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)count * channels * height * width)
            throw new ArgumentException(
                $"{pixels.LongLength} values are not {count} images of {channels} × {height} × {width}.", nameof(pixels));

        _pixels = pixels;
        (Count, Channels, Height, Width) = (count, channels, height, width);
    }

    /// <summary>How many images there are (N).</summary>
    public int Count { get; }

    /// <summary>Colour channels (C): 1 is grey, 3 is red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>Height in pixels (H).</summary>
    public int Height { get; }

    /// <summary>Width in pixels (W).</summary>
    public int Width { get; }

    /// <summary>
    /// The execution provider that made the images, as <see cref="ImageGenerator.Provider"/>. The default is null: no model made
    /// them.
    /// </summary>
    public string? Provider { get; init; }

    /// <summary>All values, <c>[N, C, H, W]</c>.</summary>
    public ReadOnlySpan<float> Values => _pixels;

    /// <summary>One image's values, <c>[C, H, W]</c>, from −1 to 1.</summary>
    public ReadOnlySpan<float> this[int image]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(image);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Count);
            var length = Channels * Height * Width;
            return _pixels.AsSpan(image * length, length);
        }
    }

    /// <summary>
    /// Writes one image as bytes in <c>[H, W, C]</c> order, −1 … 1 mapped to 0 … 255, rounded to nearest and clamped.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than H × W × C.</exception>
    public void CopyBytesTo(int image, Span<byte> destination)
    {
        var source = this[image];
        if (destination.Length < source.Length)
            throw new ArgumentException($"{destination.Length} bytes are too few for an image of {source.Length}.", nameof(destination));

        var plane = Height * Width;
        for (var c = 0; c < Channels; c++)
            for (var i = 0; i < plane; i++)
                destination[i * Channels + c] = ToByte(source[c * plane + i]);
    }

    // NaN clamps to NaN, which the cast turns into 0.
    private static byte ToByte(float value) => (byte)Math.Clamp(value * 127.5f + 128f, 0f, 255f);
}
