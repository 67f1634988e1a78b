using System.Runtime.InteropServices;
using GanOnnx.Inference;
using GanOnnx.Inference.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>Pictures that are filled row by row with values from −1 to 1, as <see cref="ImageBatchExtensions.ToImage"/> fills them at
/// once.</summary>
internal static class PictureRow
{
    /// <summary>A picture of so many channels: grey, in colour, or with transparency.</summary>
    /// <exception cref="ImageException">There is none of so many.</exception>
    public static Image Blank(int channels, int width, int height) => channels switch
    {
        1 => new Image<L8>(width, height),
        3 => new Image<Rgb24>(width, height),
        4 => new Image<Rgba32>(width, height),
        _ => throw ImageBatchExtensions.CantBeShown(channels),
    };

    /// <summary>Fills a row.</summary>
    /// <param name="picture">A picture of <see cref="Blank"/>.</param>
    /// <param name="y">Which row.</param>
    /// <param name="values">Its values, <c>[C, W]</c>.</param>
    public static void Put(Image picture, int y, ReadOnlySpan<float> values)
    {
        var bytes = picture switch
        {
            Image<L8> grey => MemoryMarshal.AsBytes(grey.DangerousGetPixelRowMemory(y).Span),
            Image<Rgb24> coloured => MemoryMarshal.AsBytes(coloured.DangerousGetPixelRowMemory(y).Span),
            Image<Rgba32> transparent => MemoryMarshal.AsBytes(transparent.DangerousGetPixelRowMemory(y).Span),
            _ => throw new ArgumentException($"{picture.GetType()} isn't made by {nameof(Blank)}.", nameof(picture)),
        };
        var shape = new ImageShape(values.Length / picture.Width, 1, picture.Width);
        ImageForm.Library(shape).Convert(MemoryMarshal.AsBytes(values), ImageForm.Picture(shape), bytes);
    }
}
