using System.Buffers.Binary;
using System.IO.Compression;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Xmp;

namespace SixLabors.ImageSharp;

/// <summary>What stands in front of the pixels: format, size, XMP and EXIF orientation. libgd has no call for it.</summary>
internal sealed class Header
{
    private readonly byte[] _bytes;

    private Header(byte[] bytes, ImageFormat format) => (_bytes, Format) = (bytes, format);

    public ImageFormat Format { get; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public ImageMetadata Metadata { get; } = new();

    public static Header Parse(byte[] bytes)
    {
        var start = bytes.AsSpan(0, Math.Min(bytes.Length, 12));
        ImageFormat? format =
            start.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n\x1a\n"u8]) ? ImageFormat.Png
            : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ImageFormat.Jpeg
            : start.StartsWith("RIFF"u8) && start.EndsWith("WEBP"u8) ? ImageFormat.Webp
            : start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) ? ImageFormat.Gif
            : start.StartsWith("BM"u8) ? ImageFormat.Bmp
            : null;
        var header = new Header(bytes, format ?? throw new UnknownImageFormatException("This is no image of a known format."));
        try
        {
            header.Read();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidDataException)
        {
            // The file ends inside a block: what has been read so far is all there is.
        }
        return header.Width > 0 && header.Height > 0
            ? header
            : throw new InvalidImageContentException($"This {format} image has no valid size.");
    }

    private void Read()
    {
        switch (Format)
        {
            case ImageFormat.Png: ReadPng(); break;
            case ImageFormat.Jpeg: ReadJpeg(); break;
            case ImageFormat.Webp: ReadWebp(); break;
            case ImageFormat.Gif: ReadGif(); break;
            case ImageFormat.Bmp: (Width, Height) = (Little32(18), Math.Abs(Little32(22))); break;
        }
    }

    private void ReadPng()
    {
        for (var at = 8; at < _bytes.Length;)
        {
            var length = Big32(at);
            var data = _bytes.AsSpan(at + 8, length);
            switch (_bytes.AsSpan(at + 4, 4))
            {
                case var type when type.SequenceEqual("IHDR"u8): (Width, Height) = (Big32(at + 8), Big32(at + 12)); break;
                case var type when type.SequenceEqual("iTXt"u8): ReadInternationalText(data); break;
                case var type when type.SequenceEqual("eXIf"u8): ReadExif(data); break;
            }
            at += 12 + length;
        }
    }

    private void ReadInternationalText(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith(Xmp.PngKeyword))
            return;
        var compressed = data[Xmp.PngKeyword.Length] == 1;
        data = data[(Xmp.PngKeyword.Length + 2)..];
        for (var skipped = 0; skipped < 2; skipped++) // language, translated keyword
            data = data[(data.IndexOf((byte)0) + 1)..];
        Metadata.XmpProfile = new XmpProfile(compressed ? Inflate(data) : data.ToArray());
    }

    private static byte[] Inflate(ReadOnlySpan<byte> data)
    {
        using var result = new MemoryStream();
        using var inflater = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        inflater.CopyTo(result);
        return result.ToArray();
    }

    private void ReadJpeg()
    {
        const int StartOfScan = 0xDA;
        for (var at = 2; _bytes[at] == 0xFF;)
        {
            var marker = _bytes[at + 1];
            if (marker == StartOfScan)
                return;
            if (marker == 0xFF) // padding
            {
                at++;
                continue;
            }
            var length = Big16(at + 2);
            var data = _bytes.AsSpan(at + 4, length - 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) // a frame header
                (Height, Width) = (Big16(at + 5), Big16(at + 7));
            else if (marker == 0xE1 && data.StartsWith(Xmp.JpegSignature))
                Metadata.XmpProfile = new XmpProfile(data[Xmp.JpegSignature.Length..].ToArray());
            else if (marker == 0xE1 && data.StartsWith("Exif\0\0"u8))
                ReadExif(data[6..]);
            at += 2 + length;
        }
    }

    private void ReadWebp()
    {
        for (var at = 12; at < _bytes.Length;)
        {
            var length = Little32(at + 4);
            var data = _bytes.AsSpan(at + 8, Math.Min(length, _bytes.Length - at - 8)); // the picture may be cut short
            switch (_bytes.AsSpan(at, 4))
            {
                case var type when type.SequenceEqual("VP8X"u8):
                    (Width, Height) = (1 + (Little32(at + 12) & 0xFFFFFF), 1 + (Little32(at + 14) >>> 8));
                    break;
                case var type when type.SequenceEqual("VP8 "u8) && Width == 0:
                    (Width, Height) = (Little16(at + 14) & 0x3FFF, Little16(at + 16) & 0x3FFF);
                    break;
                case var type when type.SequenceEqual("VP8L"u8) && Width == 0:
                    var bits = Little32(at + 9);
                    (Width, Height) = (1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
                    break;
                case var type when type.SequenceEqual("XMP "u8): Metadata.XmpProfile = new XmpProfile(data.ToArray()); break;
                case var type when type.SequenceEqual("EXIF"u8): ReadExif(data); break;
            }
            at += 8 + length + length % 2;
        }
    }

    /// <summary>Signature, screen and global colour table.</summary>
    public static int GifHeaderLength(byte[] file) => 13 + GifTableLength(file[10]);

    private void ReadGif()
    {
        const int Extension = '!', Picture = ',', TrailerLength = 258;
        (Width, Height) = (Little16(6), Little16(8));
        for (var at = GifHeaderLength(_bytes); _bytes[at] is Extension or Picture;)
        {
            var data = _bytes.AsSpan(at);
            if (data.StartsWith(Xmp.GifExtension))
            {
                var length = data.IndexOf((byte)0) + 2;
                Metadata.XmpProfile = new XmpProfile(data[Xmp.GifExtension.Length..(length - TrailerLength)].ToArray());
                at += length;
                continue;
            }
            at += _bytes[at] == Extension ? 2 : 11 + GifTableLength(_bytes[at + 9]); // a picture's codes begin behind its table and their width
            while (_bytes[at] != 0)
                at += 1 + _bytes[at];
            at++;
        }
    }

    private static int GifTableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));

    /// <summary>Finds the tag Orientation in the first directory of a TIFF block.</summary>
    private void ReadExif(ReadOnlySpan<byte> tiff)
    {
        const int Orientation = 0x0112;
        var little = tiff[0] == 'I';
        var directory = Number(tiff[4..], 4);
        var entries = Number(tiff[directory..], 2);
        for (var i = 0; i < entries; i++)
        {
            var entry = tiff[(directory + 2 + 12 * i)..];
            if (Number(entry, 2) == Orientation)
                Metadata.Orientation = Number(entry[8..], 2);
        }

        int Number(ReadOnlySpan<byte> at, int size) => (size, little) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
            (_, true) => BinaryPrimitives.ReadInt32LittleEndian(at),
            (_, false) => BinaryPrimitives.ReadInt32BigEndian(at),
        };
    }

    private int Big16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(at));

    private int Big32(int at) => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(at));

    private int Little16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private int Little32(int at) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));
}
