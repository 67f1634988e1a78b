using System.IO.Compression;

namespace GanOnnx.Imaging.Tests;

public class ImageReaderTests
{
    private static readonly byte[] _red = [200, 40, 40];
    private static readonly byte[] _green = [40, 200, 40];
    private static readonly byte[] _blue = [40, 40, 200];
    private static readonly byte[] _white = [230, 230, 230];

    // JPEG and lossy WebP quantise; at quality 95 a flat block comes back within 2 of 255.
    [TestCase("quarters.png", 0)]
    [TestCase("quarters-palette.png", 0)]
    [TestCase("quarters.bmp", 0)]
    [TestCase("quarters.gif", 0)]
    [TestCase("quarters.webp", 0)]
    [TestCase("quarters-lossy.webp", 2)]
    [TestCase("quarters.jpg", 2)]
    [TestCase("quarters-progressive.jpg", 2)]
    [TestCase("turned-2.jpg", 2)]
    [TestCase("turned-3.jpg", 2)]
    [TestCase("turned-4.jpg", 2)]
    [TestCase("turned-5.jpg", 2)]
    [TestCase("turned-6.jpg", 2)]
    [TestCase("turned-7.jpg", 2)]
    [TestCase("turned-8.jpg", 2)]
    public void Read_EveryFormat_GivesThePixelsItWasMadeFrom(string file, int tolerance)
    {
        var pixels = ImageReader.Read(Fixture.Path(file), 16, 3);

        Assert.That(pixels, Has.Length.EqualTo(16 * 16 * 3));
        Assert.That(Pixel(pixels, 2, 2), Is.EqualTo(_red).Within(tolerance));
        Assert.That(Pixel(pixels, 13, 2), Is.EqualTo(_green).Within(tolerance));
        Assert.That(Pixel(pixels, 2, 13), Is.EqualTo(_blue).Within(tolerance));
        Assert.That(Pixel(pixels, 13, 13), Is.EqualTo(_white).Within(tolerance));
    }

    [Test]
    public void Read_AnimatedGif_GivesTheFirstFrame() =>
        Assert.That(Pixel(ImageReader.Read(Fixture.Path("frames.gif"), 16, 3), 8, 8), Is.EqualTo(new byte[] { 255, 0, 0 }));

    [TestCase("grey-16-bit.png", 0x40, 0x40, 0x40)]
    [TestCase("rgb-16-bit.png", 0x20, 0x80, 0xE0)]
    public void Read_SixteenBitsPerChannel_GivesTheUpperEight(string file, byte red, byte green, byte blue) =>
        Assert.That(Pixel(ImageReader.Read(Fixture.Path(file), 16, 3), 5, 5), Is.EqualTo(new[] { red, green, blue }));

    [TestCase("alpha.png")]
    [TestCase("alpha.webp")]
    public void Read_TransparentParts_AreBlendedOnWhite(string file)
    {
        var pixels = ImageReader.Read(Fixture.Path(file), 16, 1);

        Assert.That(
            new[] { pixels[2 * 16 + 2], pixels[2 * 16 + 13], pixels[13 * 16 + 2], pixels[13 * 16 + 13] },
            Is.EqualTo(new byte[] { 255, 170, 85, 0 }));
    }

    [Test]
    public void Read_ColourAsGrey_GivesTheLuma()
    {
        var pixels = ImageReader.Read(Fixture.Path("quarters.png"), 16, 1);

        // 0.2126 R + 0.7152 G + 0.0722 B
        Assert.That(new[] { pixels[0], pixels[15], pixels[15 * 16] }, Is.EqualTo(new byte[] { 74, 154, 52 }));
    }

    [Test]
    public void Read_GreyAsColour_RepeatsTheValue()
    {
        var pixels = ImageReader.Read(Fixture.Path("ramp.png"), 64, 3);

        Assert.That(pixels.Chunk(3).All(pixel => pixel[0] == pixel[1] && pixel[1] == pixel[2]));
        Assert.That(Pixel(pixels, 63, 0), Is.EqualTo(new byte[] { 255, 255, 255 }));
    }

    [TestCase("wide.png")]
    [TestCase("tall.png")]
    public void Read_NotSquare_KeepsTheCentre(string file) =>
        Assert.That(ImageReader.Read(Fixture.Path(file), 16, 3), Is.All.EqualTo(255));

    // Pillow's bicubic resize has the same kernel (Keys, a = −½, widened when shrinking) but rounds to bytes between its
    // two passes: 1 of 255 each.
    [TestCase("busy-16.png", 16)]
    [TestCase("busy-90.png", 90)]
    public void Read_OtherSize_ResizesAsPillowDoes(string expected, int size) =>
        Assert.That(
            ImageReader.Read(Fixture.Path("busy.png"), size, 3),
            Is.EqualTo(ImageReader.Read(Fixture.Path(expected), size, 3)).Within(2));

    [Test]
    public void Read_Ramp_StaysALineWhenHalved()
    {
        var row = ImageReader.Read(Fixture.Path("ramp.png"), 32, 1)[..32];

        // Pixel x covers the columns 2x and 2x + 1; the outermost two pixels see the picture's edge.
        var line = Enumerable.Range(0, 32).Select(x => (byte)Math.Round((2 * x + 0.5) * 255 / 63));
        Assert.That(row[2..30], Is.EqualTo(line.ToArray()[2..30]).Within(1));
    }

    [Test]
    public void Read_StreamThatCannotSeek_ReadsToItsEnd()
    {
        using var file = File.OpenRead(Fixture.Path("quarters.png"));
        using var stream = new ZLibStream(Compressed(file), CompressionMode.Decompress);

        Assert.That(Pixel(ImageReader.Read(stream, 16, 3), 2, 2), Is.EqualTo(_red));
    }

    [TestCase("cut.png")]
    [TestCase("cut.jpg")]
    [TestCase("cut.webp")]
    [TestCase("cut.gif")]
    [TestCase("cut.bmp")]
    [TestCase("cut-with-thumbnail.jpg")]
    public void Read_FileCutShort_SaysSo(string file) =>
        Assert.That(
            () => ImageReader.Read(Fixture.Path(file), 16, 3),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                $"'{Fixture.Path(file)}' is cut short: its end is missing. Copy it again or remove it."));

    [Test]
    public void Read_TextFile_NamesTheKnownFormats() =>
        Assert.That(
            () => ImageReader.Read(Fixture.Path("text.png"), 16, 3),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                $"'{Fixture.Path("text.png")}' is no picture in a known format; PNG, JPEG, WebP, GIF and BMP can be read."));

    [Test]
    public void Read_HugeDimensions_RefusesBeforeDecoding() =>
        Assert.That(
            () => ImageReader.Read(Fixture.Path("huge.png"), 16, 3),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                $"'{Fixture.Path("huge.png")}' has 50000 × 50000 pixels, more than the limit of 100,000,000. Shrink it or "
                    + "raise the limit."));

    [TestCase(255, true)]
    [TestCase(256, false)]
    public void Read_MaxPixels_IsTheLargestThatPasses(int maxPixels, bool refused) =>
        Assert.That(
            () => ImageReader.Read(Fixture.Path("quarters.png"), 16, 3, maxPixels),
            refused ? Throws.TypeOf<ImageException>() : Throws.Nothing);

    [Test]
    public void Read_DamagedPixels_SaysSo()
    {
        var bytes = File.ReadAllBytes(Fixture.Path("busy.png"));
        bytes.AsSpan(bytes.Length / 2, 20).Clear();

        Assert.That(
            () => ImageReader.Read(new MemoryStream(bytes), 16, 3, name: "busy"),
            Throws.TypeOf<ImageException>().With.Message.EqualTo("'busy' is damaged and can't be decoded. Replace it or remove it."));
    }

    [Test]
    public void Read_MissingFile_NamesIt() =>
        Assert.That(
            () => ImageReader.Read("no/such.png", 16, 3),
            Throws.TypeOf<ImageException>().With.Message.StartsWith("'no/such.png' can't be read: "));

    [TestCase(0, 3)]
    [TestCase(16, 2)]
    [TestCase(16, 4)]
    public void Read_SizeOrChannelsOutOfRange_Throws(int size, int channels) =>
        Assert.That(
            () => ImageReader.Read(Fixture.Path("quarters.png"), size, channels),
            Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase("a.png", true)]
    [TestCase("folder/a.JPG", true)]
    [TestCase("a.jpeg", true)]
    [TestCase("a.webp", true)]
    [TestCase("a.gif", true)]
    [TestCase("a.bmp", true)]
    [TestCase("a.txt", false)]
    [TestCase("png", false)]
    [TestCase("a.png.tmp", false)]
    public void IsImageFile_LooksAtTheExtension(string path, bool expected) =>
        Assert.That(ImageReader.IsImageFile(path), Is.EqualTo(expected));

    private static byte[] Pixel(byte[] pixels, int x, int y)
    {
        var width = (int)Math.Sqrt(pixels.Length / 3);
        return pixels[(3 * (width * y + x))..][..3];
    }

    private static MemoryStream Compressed(Stream stream)
    {
        var memory = new MemoryStream();
        using (var compressor = new ZLibStream(memory, CompressionMode.Compress, leaveOpen: true))
            stream.CopyTo(compressor);
        memory.Position = 0;
        return memory;
    }
}
