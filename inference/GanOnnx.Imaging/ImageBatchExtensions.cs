using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>Generated images as ImageSharp images.</summary>
public static class ImageBatchExtensions
{
    /// <summary>
    /// Copies one image of a batch, −1 … 1 mapped to 0 … 255, rounded to nearest and clamped.
    /// </summary>
    /// <returns>An <c>Image&lt;L8&gt;</c> for one channel, an <c>Image&lt;Rgb24&gt;</c> for three, an <c>Image&lt;Rgba32&gt;</c> for four.
    /// The caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not from 0 to N − 1.</exception>
    /// <exception cref="ImageException">The batch has neither one, three nor four channels.</exception>
    public static Image ToImage(this ImageBatch batch, int index)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var bytes = new byte[batch[index].Length];
        batch.CopyBytesTo(index, bytes);
        return batch.Channels switch
        {
            1 => Image.LoadPixelData<L8>(bytes, batch.Width, batch.Height),
            3 => Image.LoadPixelData<Rgb24>(bytes, batch.Width, batch.Height),
            4 => Image.LoadPixelData<Rgba32>(bytes, batch.Width, batch.Height),
            _ => throw CantBeShown(batch.Channels),
        };
    }

    /// <summary>There are no pictures of so many channels.</summary>
    internal static ImageException CantBeShown(int channels) =>
        new($"The images have {channels} channels; only 1 (grey), 3 (red, green, blue) and 4 (and transparency) can be shown.");
}
