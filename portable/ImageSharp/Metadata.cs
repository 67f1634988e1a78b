using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;

namespace SixLabors.ImageSharp.Metadata
{
    public sealed class ImageMetadata
    {
        public XmpProfile? XmpProfile { get; set; }

        /// <summary>EXIF orientation, 1 to 8; the real package keeps it in an ExifProfile.</summary>
        internal int Orientation { get; set; } = 1;

        public ImageMetadata DeepClone() => new() { XmpProfile = XmpProfile?.DeepClone(), Orientation = Orientation };
    }

    public sealed class ImageFrameMetadata
    {
        internal ImageFrameMetadata() { }

        internal GifFrameMetadata Gif { get; } = new();
    }
}

namespace SixLabors.ImageSharp.Metadata.Profiles.Xmp
{
    public sealed class XmpProfile
    {
        public XmpProfile(byte[]? data) => Data = data;

        internal byte[]? Data { get; }

        public byte[] ToByteArray() => (byte[])(Data ?? throw new ArgumentNullException(nameof(Data))).Clone();

        public XmpProfile DeepClone() => new(Data);
    }
}

namespace SixLabors.ImageSharp
{
    using SixLabors.ImageSharp.Metadata;

    public class ImageInfo
    {
        internal ImageInfo(int width, int height, ImageMetadata metadata) =>
            (Width, Height, Metadata) = (width, height, metadata);

        public int Width { get; }

        public int Height { get; }

        public ImageMetadata Metadata { get; }
    }
}
