namespace GanOnnx.Inference;

/// <summary>
/// What the values of a model's image tensor mean, for a file made by others; what is null is inferred or asked for.
/// Images of this library are always float32 <c>[N, C, H, W]</c>, −1 … 1, RGB, RGBA or grey: it converts.
/// </summary>
public sealed record PixelFormat
{
    /// <summary>
    /// The values of black and white. The default is null: what the metadata says; 0 … 255 for uint8; −1 … 1 for a generator
    /// whose images have negative values. Otherwise loading asks for it.
    /// </summary>
    public ValueRange? Range { get; init; }

    /// <summary>
    /// What the channels are. The default is null: what the metadata says, else grey for one, RGB for three and RGBA for four channels.
    /// </summary>
    public ChannelOrder? Channels { get; init; }

    /// <summary>
    /// Where the channels' axis is. The default is null: where the shape has a 1 or a 3, else a 4; where both places have,
    /// first for float32 and last for uint8.
    /// </summary>
    public ChannelLayout? Layout { get; init; }

    /// <summary>
    /// The shape of one image, for tensors that are flat, <c>[N, C·H·W]</c>, or may be a sequence, <c>[N, A, B]</c>, which loading asks
    /// for. The default is null:
    /// what the tensor's shape says.
    /// </summary>
    public ImageShape? Shape { get; init; }
}

/// <summary>The values of black and white.</summary>
/// <param name="Lowest">The value of black.</param>
/// <param name="Highest">The value of white, or of a channel at its full; above <paramref name="Lowest"/>.</param>
public readonly record struct ValueRange(float Lowest, float Highest)
{
    /// <summary>−1 … 1, as tanh makes them and this library hands them out.</summary>
    public static ValueRange Signed => new(-1, 1);

    /// <summary>0 … 1, as the logistic function makes them.</summary>
    public static ValueRange Unit => new(0, 1);

    /// <summary>0 … 255.</summary>
    public static ValueRange Bytes => new(0, 255);
}

/// <summary>What the channels of an image are, in order.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue, and where there are four channels, transparency.</summary>
    Rgb,

    /// <summary>Blue, green, red, as OpenCV has them, and where there are four channels, transparency.</summary>
    Bgr,

    /// <summary>One channel, the brightness.</summary>
    Grey,
}

/// <summary>Where the channels' axis is.</summary>
public enum ChannelLayout
{
    /// <summary><c>[N, C, H, W]</c>, as PyTorch has it.</summary>
    First,

    /// <summary><c>[N, H, W, C]</c>, as TensorFlow has it.</summary>
    Last,
}

/// <summary>The shape of one image.</summary>
/// <param name="Channels">Channels (C): 1 is grey, 3 is red, green and blue, 4 transparency after them.</param>
/// <param name="Height">Height in pixels (H).</param>
/// <param name="Width">Width in pixels (W).</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>How many values there are: C · H · W.</summary>
    public int Length => checked(Channels * Height * Width);

    /// <summary>As <c>3 × 64 × 64</c>.</summary>
    public override string ToString() => $"{Channels} × {Height} × {Width}";
}
