using System.Numerics;
using System.Runtime.InteropServices;

namespace GanOnnx.Inference.Images;

/// <summary>
/// Converts between the images of this library, float32 <c>[N, C, H, W]</c>, −1 … 1, RGB or grey, and a model's.
/// </summary>
internal sealed record PixelCodec(ImageShape Shape, ChannelLayout Layout, bool IsBgr, ValueRange Range, bool IsBytes)
{
    /// <summary>Whether the model's floats are ours as they are.</summary>
    public bool IsPlain => !IsBytes && !IsBgr && Range == ValueRange.Signed && (Layout == ChannelLayout.First || Shape.Channels == 1);

    /// <summary>Whether the model's bytes are those of an image file, [H, W, C], as they are.</summary>
    public bool IsByteImage => IsBytes && !IsBgr && Range == ValueRange.Bytes && (Layout == ChannelLayout.Last || Shape.Channels == 1);

    /// <summary>The model's values, of whole images, to ours.</summary>
    public void Decode(ReadOnlySpan<byte> model, Span<float> images)
    {
        if (IsBytes)
            DecodeAll(model, images);
        else if (IsPlain)
            MemoryMarshal.Cast<byte, float>(model).CopyTo(images);
        else
            DecodeAll(MemoryMarshal.Cast<byte, float>(model), images);
    }

    /// <summary>Our values, of whole images, to the model's.</summary>
    public void Encode(ReadOnlySpan<float> images, Span<byte> model)
    {
        if (IsBytes)
            EncodeAll(images, model);
        else if (IsPlain)
            images.CopyTo(MemoryMarshal.Cast<byte, float>(model));
        else
            EncodeAll(images, MemoryMarshal.Cast<byte, float>(model));
    }

    private void DecodeAll<T>(ReadOnlySpan<T> model, Span<float> images) where T : unmanaged, INumberBase<T>
    {
        var plane = Shape.Height * Shape.Width;
        var factor = 2 / (Range.Highest - Range.Lowest);
        var offset = -1 - Range.Lowest * factor;
        for (var image = 0; image < images.Length; image += Shape.Length)
            for (var channel = 0; channel < Shape.Channels; channel++)
            {
                var (start, step) = Place(image, channel, plane);
                var to = images.Slice(image + channel * plane, plane);
                for (var i = 0; i < to.Length; i++)
                    to[i] = float.CreateTruncating(model[start + i * step]) * factor + offset;
            }
    }

    private void EncodeAll<T>(ReadOnlySpan<float> images, Span<T> model) where T : unmanaged, INumberBase<T>
    {
        var plane = Shape.Height * Shape.Width;
        var factor = (Range.Highest - Range.Lowest) / 2;
        // Bytes are cut off, so half of one rounds to the nearest. NaN becomes 0.
        var offset = Range.Lowest + factor + (IsBytes ? 0.5f : 0);
        for (var image = 0; image < images.Length; image += Shape.Length)
            for (var channel = 0; channel < Shape.Channels; channel++)
            {
                var (start, step) = Place(image, channel, plane);
                var from = images.Slice(image + channel * plane, plane);
                for (var i = 0; i < from.Length; i++)
                    model[start + i * step] = T.CreateSaturating(from[i] * factor + offset);
            }
    }

    // Where a channel of ours begins among the model's values, and how far its pixels are apart there.
    private (int Start, int Step) Place(int image, int channel, int plane)
    {
        var theirs = IsBgr ? Shape.Channels - 1 - channel : channel;
        return Layout == ChannelLayout.First ? (image + theirs * plane, 1) : (image + theirs, Shape.Channels);
    }
}
