using System.Runtime.InteropServices;
using GanOnnx.Inference.Images;

namespace GanOnnx.Inference;

/// <summary>Images of one size: float32 <c>[N, C, H, W]</c> with values from −1 to 1.</summary>
public sealed class ImageBatch
{
    // What a model with byte output made stays as it is, until somebody asks for floats.
    private readonly byte[]? _bytes;
    private float[]? _pixels;

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

    private ImageBatch(float[]? pixels, byte[]? bytes, int count, ImageShape shape, string provider)
    {
        (_pixels, _bytes, Provider) = (pixels, bytes, provider);
        (Count, Channels, Height, Width) = (count, shape.Channels, shape.Height, shape.Width);
    }

    /// <summary>How many images there are (N).</summary>
    public int Count { get; }

    /// <summary>Channels (C): 1 is grey, 3 is red, green and blue, 4 transparency after them.</summary>
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
    public ReadOnlySpan<float> Values => _pixels ?? Decode();

    /// <summary>One image's values, <c>[C, H, W]</c>, from −1 to 1.</summary>
    public ReadOnlySpan<float> this[int image]
    {
        get
        {
            Check(image);
            return Values.Slice(image * Shape.Length, Shape.Length);
        }
    }

    /// <summary>Where a model's images go.</summary>
    internal ImageMemory Memory => _bytes is not null ? new(_bytes) : new(_pixels!);

    private ImageShape Shape => new(Channels, Height, Width);

    /// <summary>
    /// Writes one image as bytes, −1 … 1 mapped to 0 … 255, rounded to nearest and clamped.
    /// </summary>
    /// <param name="image">Which one, from 0.</param>
    /// <param name="destination">The bytes.</param>
    /// <param name="layout">Their order. The default is <see cref="ChannelLayout.Last"/>, <c>[H, W, C]</c>, as picture files have
    /// it.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than H × W × C.</exception>
    public void CopyBytesTo(int image, Span<byte> destination, ChannelLayout layout = ChannelLayout.Last)
    {
        Check(image);
        var length = Shape.Length;
        if (destination.Length < length)
            throw new ArgumentException($"{destination.Length} bytes are too few for an image of {length}.", nameof(destination));

        var form = ImageForm.Picture(Shape) with { Layout = layout };
        if (_bytes is not null)
            ImageForm.Picture(Shape).Convert(_bytes.AsSpan(image * length, length), form, destination[..length]);
        else
            ImageForm.Library(Shape).Convert(MemoryMarshal.AsBytes(this[image]), form, destination[..length]);
    }

    /// <summary>Images that a model is going to make.</summary>
    internal static ImageBatch Create(in ImageForm model, int count, string provider)
    {
        var length = model.Shape.Length;
        if ((long)count * length > Array.MaxLength)
            throw Errors.TooMany(count, length);
        return model.HasBytesOfPictures
            ? new(null, GC.AllocateUninitializedArray<byte>(count * length), count, model.Shape, provider)
            : new(GC.AllocateUninitializedArray<float>(count * length), null, count, model.Shape, provider);
    }

    // Several threads may come to this; all get the same array.
    private float[] Decode()
    {
        var pixels = GC.AllocateUninitializedArray<float>(_bytes!.Length);
        ImageForm.Picture(Shape).Convert(_bytes, ImageForm.Library(Shape), MemoryMarshal.AsBytes(pixels.AsSpan()));
        return Interlocked.CompareExchange(ref _pixels, pixels, null) ?? pixels;
    }

    private void Check(int image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Count);
    }
}
