using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing;

public interface IImageProcessingContext
{
    Size GetCurrentSize();
}

public static class ProcessingExtensions
{
    public static void Mutate<TPixel>(this Image<TPixel> source, Action<IImageProcessingContext> operation)
        where TPixel : unmanaged, IPixel<TPixel> => operation(new Mutation<TPixel>(source));
}

public static class AutoOrientExtensions
{
    public static IImageProcessingContext AutoOrient(this IImageProcessingContext source)
    {
        ((Mutation)source).AutoOrient();
        return source;
    }
}

public static class CropExtensions
{
    public static IImageProcessingContext Crop(this IImageProcessingContext source, Rectangle cropRectangle)
    {
        ((Mutation)source).Crop(cropRectangle);
        return source;
    }
}

public static class ResizeExtensions
{
    public static IImageProcessingContext Resize(this IImageProcessingContext source, int width, int height)
    {
        ((Mutation)source).Resize(width, height);
        return source;
    }
}

internal abstract class Mutation : IImageProcessingContext
{
    public abstract Size GetCurrentSize();

    public abstract void AutoOrient();

    public abstract void Crop(Rectangle area);

    public abstract void Resize(int width, int height);
}

internal sealed class Mutation<TPixel>(Image<TPixel> image) : Mutation
    where TPixel : unmanaged, IPixel<TPixel>
{
    public override Size GetCurrentSize() => new(image.Width, image.Height);

    public override void AutoOrient()
    {
        var (right, bottom) = (image.Width - 1, image.Height - 1);
        // The EXIF orientation says where a row of the stored picture lies in the shown one.
        Func<int, int, (int X, int Y)>? from = image.Metadata.Orientation switch
        {
            2 => (x, y) => (right - x, y),
            3 => (x, y) => (right - x, bottom - y),
            4 => (x, y) => (x, bottom - y),
            5 => (x, y) => (y, x),
            6 => (x, y) => (y, bottom - x),
            7 => (x, y) => (right - y, bottom - x),
            8 => (x, y) => (right - y, x),
            _ => null,
        };
        if (from is null)
            return;
        var turned = image.Metadata.Orientation >= 5;
        Rearrange(turned ? image.Height : image.Width, turned ? image.Width : image.Height, from);
        image.Metadata.Orientation = 1;
    }

    public override void Crop(Rectangle area)
    {
        if (area.X < 0 || area.Y < 0 || area.Right > image.Width || area.Bottom > image.Height)
            throw new ArgumentException("Crop rectangle should be smaller than the source bounds.", nameof(area));
        Rearrange(area.Width, area.Height, (x, y) => (area.X + x, area.Y + y));
    }

    public override void Resize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Replace(Bicubic.Resize(image, width, height), width, height);
    }

    private void Rearrange(int width, int height, Func<int, int, (int X, int Y)> from)
    {
        var pixels = new TPixel[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var source = from(x, y);
                pixels[y * width + x] = image.Pixels[source.Y * image.Width + source.X];
            }
        Replace(pixels, width, height);
    }

    private void Replace(TPixel[] pixels, int width, int height) =>
        (image.Pixels, image.Width, image.Height) = (pixels, width, height);
}
