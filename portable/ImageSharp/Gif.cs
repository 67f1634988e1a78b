using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Quantization;

namespace SixLabors.ImageSharp
{
    public static partial class MetadataExtensions
    {
        public static GifFrameMetadata GetGifMetadata(this ImageFrameMetadata source) => source.Gif;
    }
}

namespace SixLabors.ImageSharp.Formats
{
    public abstract class QuantizingImageEncoder : ImageEncoder
    {
        private protected QuantizingImageEncoder() { }

        public IQuantizer? Quantizer { get; init; }
    }
}

namespace SixLabors.ImageSharp.Formats.Gif
{
    public enum GifColorTableMode
    {
        Global,
        Local,
    }

    public class GifFrameMetadata
    {
        public int FrameDelay { get; set; }
    }

    /// <summary>This stand-in always gives a frame its own colour table.</summary>
    public sealed class GifEncoder : QuantizingImageEncoder
    {
        public GifColorTableMode? ColorTableMode { get; init; }

        private protected override byte[] EncodeImage<TPixel>(Image<TPixel> image)
        {
            if (ColorTableMode != GifColorTableMode.Local)
                throw new NotSupportedException("The portable GifEncoder has GifColorTableMode.Local alone.");
            var delay = image.Frames.RootFrame.Metadata.GetGifMetadata().FrameDelay;
            if (Quantizer is not PaletteQuantizer { Palette: var palette })
            {
                using var canvas = new Gd.Canvas<TPixel>(image);
                Gd.ToPalette(canvas.Handle, Quantizer?.Options.MaxColors ?? 256);
                return Gd.EncodeGif(canvas.Handle, delay);
            }
            using var indexed = new Gd.IndexedCanvas<TPixel>(image, palette);
            return Gd.EncodeGif(indexed.Handle, delay);
        }

        private protected override byte[] AddXmp(byte[] file, byte[] xmp) => Xmp.AddToGif(file, xmp);
    }
}

namespace SixLabors.ImageSharp.Processing.Processors.Dithering
{
    public interface IDither;
}

namespace SixLabors.ImageSharp.Processing.Processors.Quantization
{
    using SixLabors.ImageSharp.Processing.Processors.Dithering;

    public enum ColorMatchingMode
    {
        Coarse,
        Hybrid,
        Exact,
    }

    /// <summary>This stand-in never dithers, and always matches exactly.</summary>
    public class QuantizerOptions
    {
        public IDither? Dither { get; set; }

        public int MaxColors { get; set; } = 256;

        public ColorMatchingMode ColorMatchingMode { get; set; }
    }

    public interface IQuantizer
    {
        QuantizerOptions Options { get; }
    }

    public class PaletteQuantizer : IQuantizer
    {
        public PaletteQuantizer(ReadOnlyMemory<Color> palette, QuantizerOptions options) => (Palette, Options) = (palette, options);

        public QuantizerOptions Options { get; }

        internal ReadOnlyMemory<Color> Palette { get; }
    }

    /// <summary>The stand-in's colours are libgd's choice.</summary>
    public class WuQuantizer : IQuantizer
    {
        public WuQuantizer(QuantizerOptions options) => Options = options;

        public QuantizerOptions Options { get; }
    }
}
