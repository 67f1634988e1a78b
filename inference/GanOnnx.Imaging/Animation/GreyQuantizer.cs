using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Quantization;

namespace GanOnnx.Imaging.Animation;

/// <summary>Gives grey pixels the palette of all 256 greys, each its own entry: ImageSharp's search for the nearest colour mixes up
/// neighbours.</summary>
internal sealed class GreyQuantizer : IQuantizer
{
    public static GreyQuantizer Instance { get; } = new();

    public QuantizerOptions Options { get; } = new() { Dither = null };

    public IQuantizer<TPixel> CreatePixelSpecificQuantizer<TPixel>(Configuration configuration) where TPixel : unmanaged, IPixel<TPixel> =>
        CreatePixelSpecificQuantizer<TPixel>(configuration, Options);

    public IQuantizer<TPixel> CreatePixelSpecificQuantizer<TPixel>(Configuration configuration, QuantizerOptions options) where TPixel
        : unmanaged, IPixel<TPixel> =>
        new Greys<TPixel>(configuration, options);

    private readonly struct Greys<TPixel>(Configuration configuration, QuantizerOptions options) : IQuantizer<TPixel> where TPixel
        : unmanaged, IPixel<TPixel>
    {
        private static readonly TPixel[] _palette = [.. Enumerable.Range(0, 256).Select(value =>
        {
            var colour = default(TPixel);
            colour.FromL8(new L8((byte)value));
            return colour;
        })];

        public Configuration Configuration => configuration;

        public QuantizerOptions Options => options;

        public ReadOnlyMemory<TPixel> Palette => _palette;

        public void AddPaletteColors(Buffer2DRegion<TPixel> pixelRegion) { }

        public IndexedImageFrame<TPixel> QuantizeFrame(ImageFrame<TPixel> source, Rectangle bounds)
        {
            var quantizer = this;
            return QuantizerUtilities.QuantizeFrame(ref quantizer, source, bounds);
        }

        public byte GetQuantizedColor(TPixel color, out TPixel match)
        {
            var rgba = default(Rgba32);
            color.ToRgba32(ref rgba);
            match = color;
            return rgba.R;
        }

        public void Dispose() { }
    }
}
