using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats
{
    /// <summary>This stand-in decodes one frame whatever <see cref="MaxFrames"/> says.</summary>
    public sealed class DecoderOptions
    {
        public uint MaxFrames { get; init; } = int.MaxValue;
    }

    public interface IImageEncoder
    {
        void Encode<TPixel>(Image<TPixel> image, Stream stream)
            where TPixel : unmanaged, IPixel<TPixel>;
    }

    public abstract class ImageEncoder : IImageEncoder
    {
        private protected ImageEncoder() { }

        public void Encode<TPixel>(Image<TPixel> image, Stream stream)
            where TPixel : unmanaged, IPixel<TPixel>
        {
            var bytes = EncodeImage(image);
            stream.Write(image.Metadata.XmpProfile?.Data is { } xmp ? AddXmp(bytes, xmp) : bytes);
        }

        private protected virtual byte[] EncodeImage<TPixel>(Image<TPixel> image)
            where TPixel : unmanaged, IPixel<TPixel>
        {
            using var canvas = new Gd.Canvas<TPixel>(image);
            return Encode(canvas.Handle, out var size) is var memory and not 0
                ? Gd.Take(memory, size)
                : throw new ImageFormatException($"libgd can't encode {image.Width}x{image.Height} pixels in this format.");
        }

        private protected virtual nint Encode(nint canvas, out int size) => throw new NotSupportedException();

        private protected abstract byte[] AddXmp(byte[] file, byte[] xmp);
    }
}

namespace SixLabors.ImageSharp.Formats.Png
{
    public class PngEncoder : ImageEncoder
    {
        private protected override nint Encode(nint canvas, out int size) => Gd.ImagePngPtr(canvas, out size);

        private protected override byte[] AddXmp(byte[] file, byte[] xmp) => Xmp.AddToPng(file, xmp);
    }
}

namespace SixLabors.ImageSharp.Formats.Jpeg
{
    public enum JpegEncodingColor : byte
    {
        YCbCrRatio444 = 1,
        Luminance = 5,
    }

    /// <summary>libgd picks the chroma sampling: 4:4:4 from quality 90, 4:2:0 below; grey is written as colour.</summary>
    public sealed class JpegEncoder : ImageEncoder
    {
        private readonly int? _quality;

        public int? Quality
        {
            get => _quality;
            init => _quality = value is < 1 or > 100 ? throw new ArgumentException("The quality must be from 1 to 100.") : value;
        }

        public JpegEncodingColor? ColorType { get; init; }

        private protected override nint Encode(nint canvas, out int size) => Gd.ImageJpegPtr(canvas, out size, Quality ?? 75);

        private protected override byte[] AddXmp(byte[] file, byte[] xmp) => Xmp.AddToJpeg(file, xmp);
    }
}

namespace SixLabors.ImageSharp.Formats.Webp
{
    public enum WebpFileFormatType
    {
        Lossless,
        Lossy,
    }

    public sealed class WebpEncoder : ImageEncoder
    {
        private const int GdLossless = 101;

        public WebpFileFormatType? FileFormat { get; init; }

        public int Quality { get; init; } = 75;

        private protected override nint Encode(nint canvas, out int size) =>
            Gd.ImageWebpPtrEx(canvas, out size, FileFormat == WebpFileFormatType.Lossless ? GdLossless : Quality);

        private protected override byte[] AddXmp(byte[] file, byte[] xmp) => Xmp.AddToWebp(file, xmp);
    }
}
