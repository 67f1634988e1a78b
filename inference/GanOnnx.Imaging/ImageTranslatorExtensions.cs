using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Imaging;

/// <summary>Pictures of any size and kind through a model from image to image.</summary>
public static class ImageTranslatorExtensions
{
    private const int MostChannels = 4;

    /// <summary>Translates pictures of one size.</summary>
    /// <remarks>
    /// What a model doesn't take is taken care of. A model of grey images that makes pictures larger gets the brightness of coloured
    /// ones; their
    /// colours are enlarged beside it, bicubically. One that makes them larger keeps transparency, enlarged likewise; what can't be seen is
    /// white. For others transparent parts are blended on white, and colours become grey for a model of grey images.
    /// </remarks>
    /// <param name="translator">The model.</param>
    /// <param name="pictures">One or more of a size. They aren't changed.</param>
    /// <param name="tiles">How they are cut where the model can't take them whole. The default is null, <see cref="TileOptions"/> as they
    /// are.</param>
    /// <param name="progress">Is told how many tiles are done, and how many there are; null for nobody.</param>
    /// <param name="cancellation">Ends the run under way.</param>
    /// <returns>As many pictures, grey, in colour, or with transparency. The caller disposes them.</returns>
    /// <exception cref="ArgumentException">The pictures are none, or of several sizes.</exception>
    /// <exception cref="ImageException">The model makes no images that can be shown.</exception>
    /// <exception cref="ModelException">The model doesn't take such pictures, even in pieces, or failed to run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<Image> Translate(this ImageTranslator translator, IReadOnlyList<Image> pictures, TileOptions? tiles = null,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(translator);
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0 || pictures.Any(picture => picture.Size() != pictures[0].Size()))
            throw new ArgumentException("One picture or more, all of one size, are expected.", nameof(pictures));

        var (width, height) = (pictures[0].Width, pictures[0].Height);
        var channels = translator.Channels ?? 3;
        var plan = translator.PlanFor(channels, height, width, tiles);
        var grows = plan.Height > height || plan.Width > width;
        var colours = pictures.Select(picture => Pixels(picture, keepsTransparency: grows || channels == MostChannels)).ToArray();
        var made = new Image?[pictures.Count];
        try
        {
            translator.TranslateRows(pictures.Count, new(channels, height, width),
                (picture, channel, y, x, values) => Fill(colours[picture].AsSpan(y * width + x, values.Length), values, channel,
                    channels == 1, isLuma: grows),
                (picture, y, row) => PictureRow.Put(made[picture] ??= PictureRow.Blank(row.Length / plan.Width, plan.Width, plan.Height), y,
                    row),
                tiles, progress, cancellation);
            for (var i = 0; i < made.Length; i++)
                made[i] = Finish(made[i]!, colours[i], width, height, grows);
            return made!;
        }
        catch
        {
            foreach (var picture in made)
                picture?.Dispose();
            throw;
        }
    }

    private static Rgba32[] Pixels(Image picture, bool keepsTransparency)
    {
        using var copy = picture.CloneAs<Rgba32>();
        var pixels = new Rgba32[copy.Width * copy.Height];
        copy.CopyPixelDataTo(pixels);
        for (var i = 0; i < pixels.Length; i++)
            if (pixels[i].A < byte.MaxValue && (!keepsTransparency || pixels[i].A == 0))
                pixels[i] = Seen(pixels[i], keepsTransparency);
        return pixels;

        static Rgba32 Seen(Rgba32 pixel, bool keepsTransparency)
        {
            var seen = ImageReader.OnWhite(pixel);
            return new(seen.R, seen.G, seen.B, keepsTransparency ? pixel.A : byte.MaxValue);
        }
    }

    private static void Fill(ReadOnlySpan<Rgba32> pixels, Span<float> values, int channel, bool isGrey, bool isLuma)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var pixel = pixels[i];
            var value = isGrey ? isLuma ? YCbCr.Luma(pixel) : ImageReader.Luma(pixel.Rgb)
                : channel switch { 0 => pixel.R, 1 => pixel.G, 2 => pixel.B, _ => pixel.A };
            values[i] = value / 127.5f - 1;
        }
    }

    // What went in beside the model comes back: colours, transparency.
    private static Image Finish(Image made, Rgba32[] pixels, int width, int height, bool grows)
    {
        var coloured = grows && made is Image<L8> && Array.Exists(pixels, pixel => pixel.R != pixel.G || pixel.G != pixel.B);
        var transparent = grows && made is not Image<Rgba32> && Array.Exists(pixels, pixel => pixel.A < byte.MaxValue);
        if (!coloured && !transparent)
            return made;
        using (made)
        {
            using var beside = Image.LoadPixelData(pixels, width, height);
            beside.Mutate(context => context.Resize(new ResizeOptions
            {
                Size = made.Size(),
                Mode = ResizeMode.Stretch,
                Sampler = KnownResamplers.Bicubic,
                PremultiplyAlpha = false,
            }));
            using var plain = made.CloneAs<Rgba32>();
            for (var y = 0; y < plain.Height; y++)
            {
                var others = beside.DangerousGetPixelRowMemory(y).Span;
                var row = plain.DangerousGetPixelRowMemory(y).Span;
                for (var x = 0; x < row.Length; x++)
                {
                    var alpha = transparent ? others[x].A : byte.MaxValue;
                    others[x] = coloured ? YCbCr.WithLuma(others[x], row[x].R) : row[x];
                    others[x].A = alpha;
                }
            }
            return transparent ? beside.Clone() : beside.CloneAs<Rgb24>();
        }
    }

    /// <summary>Brightness and colours as JPEG has them, in the full range (ITU-R BT.601; T.871).</summary>
    private static class YCbCr
    {
        public static float Luma(Rgba32 pixel) => 0.299f * pixel.R + 0.587f * pixel.G + 0.114f * pixel.B;

        public static Rgba32 WithLuma(Rgba32 pixel, float luma)
        {
            var (cb, cr) = ((pixel.B - Luma(pixel)) / 1.772f, (pixel.R - Luma(pixel)) / 1.402f);
            return new(Byte(luma + 1.402f * cr), Byte(luma - 0.344136f * cb - 0.714136f * cr), Byte(luma + 1.772f * cb), pixel.A);
        }

        private static byte Byte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
    }
}
