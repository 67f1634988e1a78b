using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>Composes several images into one picture to look at.</summary>
public static class ImageGrid
{
    private const int ComfortableTile = 64;
    private const int LargestGrid = 4096;

    /// <summary>Lays the images of a batch out in rows, left to right and top to bottom.</summary>
    /// <returns>An <c>Image&lt;L8&gt;</c> for one channel, an <c>Image&lt;Rgb24&gt;</c> for three, an <c>Image&lt;Rgba32&gt;</c> for four.
    /// The
    /// caller disposes it.</returns>
    /// <exception cref="ImageException">The batch has neither one, three nor four channels, or the grid would be too large for one
    /// picture.</exception>
    /// <inheritdoc cref="Compose(IReadOnlyList{Image}, ImageGridOptions?)"/>
    public static Image Compose(ImageBatch batch, ImageGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var images = new List<Image>(batch.Count);
        try
        {
            for (var i = 0; i < batch.Count; i++)
                images.Add(batch.ToImage(i));
            return Compose(images, options);
        }
        finally
        {
            images.ForEach(image => image.Dispose());
        }
    }

    /// <summary>Lays images of one size out in rows, left to right and top to bottom.</summary>
    /// <returns>An <c>Image&lt;L8&gt;</c> if all images are, an <c>Image&lt;Rgba32&gt;</c> if one is, else an <c>Image&lt;Rgb24&gt;</c>.
    /// The caller
    /// disposes it.</returns>
    /// <exception cref="ArgumentException">There is no image, or they differ in size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ImageException">The grid would be too large for one picture.</exception>
    public static Image Compose(IReadOnlyList<Image> images, ImageGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
            throw new ArgumentException("A grid needs at least one image.", nameof(images));
        var first = images[0];
        if (images.FirstOrDefault(image => (image.Width, image.Height) != (first.Width, first.Height)) is { } other)
            throw new ArgumentException(
                $"A grid's images must have one size, not {first.Width} × {first.Height} and {other.Width} × {other.Height}.",
                    nameof(images));

        var layout = new Layout(images.Count, first.Width, first.Height, options ?? new ImageGridOptions());
        return images.All(image => image is Image<L8>) ? Draw<L8>(images, layout)
            : images.Any(image => image is Image<Rgba32>) ? Draw<Rgba32>(images, layout) : Draw<Rgb24>(images, layout);
    }

    private static Image<TPixel> Draw<TPixel>(IReadOnlyList<Image> images, Layout layout)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        TPixel background = default;
        background.FromRgba32(new Rgba32(layout.Background.R, layout.Background.G, layout.Background.B));
        var grid = new Image<TPixel>(layout.Width, layout.Height, background);
        for (var i = 0; i < images.Count; i++)
        {
            using var converted = images[i] as Image<TPixel> is null ? images[i].CloneAs<TPixel>() : null;
            Paste(converted ?? (Image<TPixel>)images[i], grid, layout.Left(i), layout.Top(i), layout.Scale);
        }
        return grid;
    }

    private static void Paste<TPixel>(Image<TPixel> tile, Image<TPixel> grid, int left, int top, int scale)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var (width, height) = (tile.Width, tile.Height);
        var pixels = new TPixel[width * height];
        tile.CopyPixelDataTo(pixels);
        grid.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < height * scale; y++)
            {
                var source = pixels.AsSpan(y / scale * width, width);
                var target = rows.GetRowSpan(top + y).Slice(left, width * scale);
                for (var x = 0; x < target.Length; x++)
                    target[x] = source[x / scale];
            }
        });
    }

    private sealed class Layout
    {
        private readonly int _columns;
        private readonly int _gap;
        private readonly int _tileWidth;
        private readonly int _tileHeight;

        public Layout(int count, int tileWidth, int tileHeight, ImageGridOptions options)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns ?? 1, 1, nameof(options.Columns));
            ArgumentOutOfRangeException.ThrowIfLessThan(options.Scale ?? 1, 1, nameof(options.Scale));
            ArgumentOutOfRangeException.ThrowIfNegative(options.Gap, nameof(options.Gap));

            (_gap, Background) = (options.Gap, options.Background);
            _columns = Math.Min(options.Columns ?? (int)Math.Ceiling(Math.Sqrt(count)), count);
            var rows = (count - 1) / _columns + 1;

            var scale = options.Scale ?? (ComfortableTile - 1) / Math.Max(tileWidth, tileHeight) + 1;
            while (options.Scale is null && scale > 1
                && Math.Max(Length(_columns, tileWidth, scale), Length(rows, tileHeight, scale)) > LargestGrid)
                scale--;

            Scale = scale;
            (_tileWidth, _tileHeight) = (tileWidth * scale, tileHeight * scale);
            var (width, height) = (Length(_columns, tileWidth, scale), Length(rows, tileHeight, scale));
            if (width * height > ImageReader.DefaultMaxPixels)
                throw new ImageException(
                    $"A grid of {_columns} × {rows} images would have {width} × {height} pixels, more than "
                        + $"{ImageReader.DefaultMaxPixels:N0}. " +
                    "Use fewer images, or a folder with one file per image.");
            (Width, Height) = ((int)width, (int)height);
        }

        public int Width { get; }

        public int Height { get; }

        public int Scale { get; }

        public Rgb24 Background { get; }

        public int Left(int image) => image % _columns * (_tileWidth + _gap);

        public int Top(int image) => image / _columns * (_tileHeight + _gap);

        private long Length(int tiles, int tile, int scale) => tiles * ((long)tile * scale + _gap) - _gap;
    }
}
