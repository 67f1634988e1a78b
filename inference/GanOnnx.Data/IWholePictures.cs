using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Data;

/// <summary>A source whose pictures can be had at their own sizes as well.</summary>
internal interface IWholePictures
{
    /// <summary>A picture, upright, eight bits a channel. The caller disposes it.</summary>
    /// <exception cref="ImageException">This picture can't be decoded; the others may be fine.</exception>
    Image<Rgba32> ReadWhole(int image);

    /// <summary>The source as one of these.</summary>
    /// <exception cref="DataException">It has its images at any size, or at the size of training alone.</exception>
    static IWholePictures Of(IImageSource source) => source as IWholePictures
        ?? throw new DataException($"'{source.Name}' has no pictures of sizes of their own. Give a folder or an archive of pictures.");
}
