using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Images;

/// <summary>
/// How images lie in memory: their shape, where their channels are and in which order, and which values are black and white. The only
/// place where pixels are converted: between a model's, this library's and those of picture files.
/// </summary>
/// <param name="Shape">The shape of one image; the values of several follow one another.</param>
/// <param name="Layout">Where the channels' axis is.</param>
/// <param name="IsBgr">Whether blue comes first.</param>
/// <param name="Range">The values of black and white.</param>
/// <param name="Type">What values are: <c>Float</c>, <c>Float16</c> or <c>UInt8</c>.</param>
internal readonly record struct ImageForm(ImageShape Shape, ChannelLayout Layout, bool IsBgr, ValueRange Range, TensorElementType Type)
{
    public bool IsBytes => Type == TensorElementType.UInt8;

    /// <summary>Whether values are the bytes of picture files, though their order may be another.</summary>
    public bool HasBytesOfPictures => IsBytes && Range == ValueRange.Bytes;

    /// <summary>This library's images: float32 <c>[C, H, W]</c>, −1 … 1, RGB or grey.</summary>
    public static ImageForm Library(ImageShape shape) => new(shape, ChannelLayout.First, false, ValueRange.Signed, TensorElementType.Float);

    /// <summary>Images as picture files have them: bytes <c>[H, W, C]</c>, 0 … 255, RGB or grey.</summary>
    public static ImageForm Picture(ImageShape shape) => new(shape, ChannelLayout.Last, false, ValueRange.Bytes, TensorElementType.UInt8);

    /// <summary>Whether images of the two are the same values in the same order.</summary>
    public bool IsSameAs(in ImageForm other) =>
        (Type, Range) == (other.Type, other.Range)
        && (Shape.Channels == 1 || (Layout, IsBgr) == (other.Layout, other.IsBgr));

    /// <summary>
    /// Converts whole images into another form of the same shape. Where that has bytes, values are rounded to the nearest, halves up, and
    /// clamped; NaN becomes 0.
    /// </summary>
    /// <param name="images">Values in this form.</param>
    /// <param name="form">The other form.</param>
    /// <param name="converted">Memory for as many values in that form.</param>
    public void Convert(ReadOnlySpan<byte> images, in ImageForm form, Span<byte> converted)
    {
        if (IsSameAs(form))
            images.CopyTo(converted);
        else if (IsBytes)
            ConvertFrom(images, form, converted);
        else if (Type == TensorElementType.Float16)
            ConvertFrom(MemoryMarshal.Cast<byte, Half>(images), form, converted);
        else
            ConvertFrom(MemoryMarshal.Cast<byte, float>(images), form, converted);
    }

    /// <summary>Takes images that a model has made.</summary>
    /// <param name="path">The model.</param>
    /// <param name="made">Values in this form, of <paramref name="count"/> images.</param>
    /// <param name="images">Where they go.</param>
    /// <param name="first">The place of the first one there.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ModelException">They hold values that are no numbers.</exception>
    public void Take(string path, ReadOnlySpan<byte> made, in ImageMemory images, int first, int count)
    {
        if (!AreFinite(made))
            throw Errors.ImagesNotFinite(path);
        Convert(made, images.FormOf(Shape), images.Of(Shape, first, count));
    }

    private bool AreFinite(ReadOnlySpan<byte> made) => Type switch
    {
        TensorElementType.UInt8 => true,
        TensorElementType.Float16 => Finite.Are(MemoryMarshal.Cast<byte, Half>(made)),
        _ => Finite.Are(MemoryMarshal.Cast<byte, float>(made)),
    };

    private void ConvertFrom<TFrom>(ReadOnlySpan<TFrom> images, in ImageForm form, Span<byte> converted)
        where TFrom : unmanaged, INumberBase<TFrom>
    {
        if (form.IsBytes)
            ConvertAll(images, form, converted);
        else if (form.Type == TensorElementType.Float16)
            ConvertAll(images, form, MemoryMarshal.Cast<byte, Half>(converted));
        else
            ConvertAll(images, form, MemoryMarshal.Cast<byte, float>(converted));
    }

    private void ConvertAll<TFrom, TTo>(ReadOnlySpan<TFrom> images, in ImageForm form, Span<TTo> converted)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        var plane = Shape.Height * Shape.Width;
        var (middle, half) = (Middle(Range), Half(Range));
        var scale = Half(form.Range) / half;
        // Bytes are cut off, so half of one more rounds to the nearest.
        var offset = Middle(form.Range) + (form.IsBytes ? 0.5f : 0);
        for (var image = 0; image < images.Length; image += Shape.Length)
            for (var channel = 0; channel < Shape.Channels; channel++)
            {
                var (from, fromStep) = Place(image, channel, plane);
                var (to, toStep) = form.Place(image, channel, plane);
                ConvertPlane(images[from..], fromStep, converted[to..], toStep, plane, middle, scale, offset);
            }
    }

    // A method of its own keeps all of it in registers.
    private static void ConvertPlane<TFrom, TTo>(
        ReadOnlySpan<TFrom> images, int fromStep, Span<TTo> converted, int toStep, int count, float middle, float scale, float offset)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (int i = 0, from = 0, to = 0; i < count; i++, from += fromStep, to += toStep)
            converted[to] = TTo.CreateSaturating((float.CreateTruncating(images[from]) - middle) * scale + offset);
    }

    // Where a channel, counted from red, begins among an image's values, and how far its pixels are apart there.
    private (int Start, int Step) Place(int image, int channel, int plane)
    {
        // Transparency, the fourth channel, is the last one in either order.
        var ours = IsBgr && channel < 3 ? 2 - channel : channel;
        return Layout == ChannelLayout.First ? (image + ours * plane, 1) : (image + ours, Shape.Channels);
    }

    private static float Half(ValueRange range) => (range.Highest - range.Lowest) / 2;

    private static float Middle(ValueRange range) => range.Lowest + Half(range);
}
