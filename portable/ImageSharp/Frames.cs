using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public abstract class ImageFrame
{
    private protected ImageFrame() { }

    public ImageFrameMetadata Metadata { get; } = new();
}

public sealed class ImageFrame<TPixel> : ImageFrame
    where TPixel : unmanaged, IPixel<TPixel>
{
    internal ImageFrame() { }
}

/// <summary>An image of this stand-in has one frame.</summary>
public sealed class ImageFrameCollection<TPixel>
    where TPixel : unmanaged, IPixel<TPixel>
{
    internal ImageFrameCollection() { }

    public ImageFrame<TPixel> RootFrame { get; } = new();
}
