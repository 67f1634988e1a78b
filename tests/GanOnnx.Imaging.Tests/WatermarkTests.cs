using System.Security.Cryptography;
using GanOnnx.Imaging.Watermarking;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Imaging.Tests;

public class WatermarkTests
{
    private const uint Payload = 0xC0FFEE42;

    private static readonly Dictionary<string, Func<Image<Rgb24>, Image<Rgb24>>> _ways = new()
    {
        ["nothing"] = image => image.Clone(),
        ["JPEG 75"] = image => Encoded(image, new JpegEncoder { Quality = 75 }),
        ["JPEG 50"] = image => Encoded(image, new JpegEncoder { Quality = 50 }),
        ["WebP 75"] = image => Encoded(image, new WebpEncoder { Quality = 75, FileFormat = WebpFileFormatType.Lossy }),
        ["half and back"] = image => image.Clone(context => context.Resize(image.Width / 2, 0).Resize(image.Width, image.Height)),
        ["cropped"] = image => image.Clone(context => context.Crop(new Rectangle(13, 7, image.Width * 9 / 10, image.Height * 9 / 10))),
        ["cropped, JPEG 75"] = image => Encoded(_ways!["cropped"](image), new JpegEncoder { Quality = 75 }),
        ["125 %, JPEG 85"] = image => Encoded(image.Clone(context => context.Resize(image.Width * 5 / 4, 0, KnownResamplers.Triangle)),
            new JpegEncoder { Quality = 85 }),
        ["80 %, JPEG 85"] = image => Encoded(image.Clone(context => context.Resize(image.Width * 4 / 5, 0, KnownResamplers.Triangle)),
            new JpegEncoder { Quality = 85 }),
        ["contrast and brightness"] = image => image.Clone(context => context.Contrast(0.8f).Brightness(1.1f)),
        ["grey"] = image => image.Clone(context => context.Grayscale()),
    };

    private static IEnumerable<string> Ways => _ways.Keys;

    [Test]
    public void Read_AfterWhatHappensToPictures_FindsThePayload([ValueSource(nameof(Ways))] string way, [Values(0, 1)] int seed)
    {
        using var scene = Scene.Make(240, 200, seed);
        using var marked = (Image<Rgb24>)Watermark.Embed(scene, Payload);
        using var changed = _ways[way](marked);

        Assert.That(Watermark.Read(changed)?.Payload, Is.EqualTo(Payload));
    }

    [TestCase(0u)]
    [TestCase(1u)]
    [TestCase(0x80000000u)]
    [TestCase(uint.MaxValue)]
    public void Read_AnyPayloadOfTheSmallestPicture_FindsIt(uint payload)
    {
        using var scene = Scene.Make(Watermark.SmallestSide, Watermark.SmallestSide, 3);
        using var marked = Watermark.Embed(scene, payload);

        var reading = Watermark.Read(marked)!;

        Assert.That((reading.Payload, reading.Scale), Is.EqualTo((payload, 1.0)));
        Assert.That(reading.Agreement, Is.InRange(0.8, 1));
    }

    [Test]
    public void Read_AnotherScale_SaysIt()
    {
        using var scene = Scene.Make(256, 256, 4);
        using var marked = Watermark.Embed(scene, Payload);
        using var larger = marked.Clone(context => context.Resize(384, 384));

        Assert.That(Watermark.Read(larger), Has.Property(nameof(WatermarkReading.Scale)).EqualTo(1.5));
    }

    [Test]
    public void Read_NoMark_FindsNone()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            using var scene = Scene.Make(128 + 10 * seed, 140, seed);
            Assert.That(Watermark.Read(scene), Is.Null, $"seed {seed}");
        }
        using var stripes = new Image<L8>(256, 256);
        for (var y = 0; y < 256; y++)
            for (var x = 0; x < 256; x++)
                stripes[x, y] = new((byte)((x + 2 * y) % 8 * 30));
        Assert.That(Watermark.Read(stripes), Is.Null);
    }

    [Test]
    public void Read_PictureOfAnySizeAndKind_Ends()
    {
        foreach (var (width, height) in new[] { (1, 1), (1, 5000), (99, 99), (101, 103), (128, 5000), (5000, 128), (2100, 150) })
        {
            using var blank = new Image<Rgba32>(width, height);
            Assert.That(Watermark.Read(blank), Is.Null, $"{width} × {height}");
        }
        using var deep = new Image<Rgb48>(130, 130, new(1, 30_000, 60_000));
        using var greyAndDeep = new Image<L16>(130, 130, new(30_000));
        Assert.That(Watermark.Read(deep) ?? Watermark.Read(greyAndDeep), Is.Null);
    }

    [Test]
    public void Embed_PictureOfAnyKind_StaysOfIt()
    {
        using var scene = Scene.Make(130, 128, 5);
        using var grey = scene.CloneAs<L8>();
        using var deep = scene.CloneAs<Rgb48>();

        (Image, Type)[] cases = [(scene, typeof(Image<Rgb24>)), (grey, typeof(Image<L8>)), (deep, typeof(Image<Rgba32>))];
        foreach (var (image, kind) in cases)
        {
            using var marked = Watermark.Embed(image, Payload);
            Assert.That(marked, Is.TypeOf(kind));
            Assert.That(Watermark.Read(marked)?.Payload, Is.EqualTo(Payload));
        }
    }

    [Test]
    public void Embed_TransparentParts_AreLetBe()
    {
        using var scene = Scene.Make(160, 160, 6).CloneAs<Rgba32>();
        for (var y = 0; y < 160; y++)
            for (var x = 0; x < 160; x++)
                scene[x, y] = scene[x, y] with { A = (byte)(x < 20 ? 0 : x < 40 ? 100 : 255) };

        using var marked = (Image<Rgba32>)Watermark.Embed(scene, Payload);

        Assert.That(Watermark.Read(marked)?.Payload, Is.EqualTo(Payload));
        for (var x = 0; x < 160; x++)
            Assert.That(marked[x, 50].A, Is.EqualTo(scene[x, 50].A));
        for (var x = 0; x < 20; x++)
            Assert.That(marked[x, 50], Is.EqualTo(scene[x, 50]));
    }

    // The worst there is to change: noise, edges everywhere, nothing at all, and what can't become brighter or darker.
    [Test]
    public void Embed_AnyPicture_LeavesItAsNearAsItSays([Values] WatermarkStrength strength)
    {
        var decibels = 42 - 3 * (int)strength;
        var random = new Random(7);
        Func<int, int, byte>[] pictures =
        [
            (_, _) => (byte)random.Next(256), (x, y) => (byte)((x + y) % 2 * 255), (x, _) => (byte)(x / 16 % 2 * 255),
            (_, _) => 255, (_, _) => 0, (_, _) => 128,
        ];
        foreach (var (i, value) in pictures.Index())
        {
            using var picture = new Image<L8>(150, 140);
            for (var y = 0; y < 140; y++)
                for (var x = 0; x < 150; x++)
                    picture[x, y] = new(value(x, y));
            using var marked = (Image<L8>)Watermark.Embed(picture, Payload, strength);
            Assert.That(Psnr(picture, marked), Is.GreaterThanOrEqualTo(decibels), $"picture {i}");
        }
    }

    [Test]
    public void Embed_FlatWhite_ChangesLittle()
    {
        using var white = Scene.Flat(new(255, 255, 255));
        using var marked = ((Image<Rgba32>)Watermark.Embed(white, Payload)).CloneAs<L8>();

        var lowest = Enumerable.Range(0, 128 * 128).Min(i => marked[i % 128, i / 128].PackedValue);

        Assert.That(lowest, Is.GreaterThanOrEqualTo(250));
        Assert.That(Psnr(white.CloneAs<L8>(), marked), Is.GreaterThan(46));
    }

    [Test]
    public void Embed_PictureThatIsOffByOneHereAndThere_IsOffByTwoAtMost()
    {
        var random = new Random(10);
        for (var seed = 0; seed < 4; seed++)
        {
            using var scene = Scene.Make(150, 130, seed);
            using var rounded = scene.Clone();
            for (var i = 0; i < 2000; i++)
            {
                var (x, y) = (random.Next(150), random.Next(130));
                rounded[x, y] = rounded[x, y] with { G = (byte)Math.Clamp(scene[x, y].G + random.Next(-1, 2), 0, 255) };
            }
            using var first = (Image<Rgb24>)Watermark.Embed(scene, Payload);
            using var second = (Image<Rgb24>)Watermark.Embed(rounded, Payload);

            var largest = Enumerable.Range(0, 150 * 130).Max(i => Math.Abs(first[i % 150, i / 150].G - second[i % 150, i / 150].G));

            Assert.That(largest, Is.InRange(1, 2));
        }
    }

    // Another machine must make the same; this is what linux-x64 makes.
    [Test]
    public void Embed_KnownPicture_GivesKnownPixels()
    {
        using var picture = new Image<L8>(200, 150);
        for (var y = 0; y < 150; y++)
            for (var x = 0; x < 200; x++)
                picture[x, y] = new((byte)((x * x + 3 * x * y + 7 * y) / 50 % 256));

        using var marked = (Image<L8>)Watermark.Embed(picture, Payload);

        var pixels = new byte[200 * 150];
        marked.CopyPixelDataTo(pixels);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(pixels)), Is.EqualTo(
            "2faac07f6c2a6b2e2305df205fdfbe0a7fba53b634fd58c8ae0764187d5c57d5"));
    }

    [Test]
    public void Embed_TooSmallOrTooLarge_IsRefused()
    {
        using var small = new Image<L8>(200, 127);

        Assert.That(() => Watermark.Embed(small, Payload), Throws.TypeOf<ImageException>().With.Message.EqualTo(
            "A watermark needs 128 pixels or more in each row and column, and the picture has 200 × 127."));
        Assert.That(Watermark.WhyNot(20_000, 20_000), Is.EqualTo(
            "A picture of 20000 × 20000 pixels is too large for a watermark; up to 100,000,000 are possible."));
        Assert.That(Watermark.WhyNot(128, 128), Is.Null);
    }

    [Test]
    public void Embed_NoSuchStrength_IsRefused()
    {
        using var scene = Scene.Flat(new(9, 9, 9));

        Assert.That(() => Watermark.Embed(scene, Payload, (WatermarkStrength)3), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void PayloadOf_Sha256_IsItsBeginning()
    {
        Assert.That(Watermark.PayloadOf("C0ffee42" + new string('0', 56)), Is.EqualTo(Payload));
        Assert.That(() => Watermark.PayloadOf("c0ffee4"), Throws.ArgumentException);
        Assert.That(() => Watermark.PayloadOf("not in hexadecimal"), Throws.ArgumentException);
    }

    // Words differ in 12 of 64 signs or more, so any 5 wrong ones are mended.
    [Test]
    public void Decode_FiveWrongSigns_AreMended()
    {
        var random = new Random(8);
        for (var i = 0; i < 100; i++)
        {
            var payload = (uint)random.NextInt64(1L << 32);
            var signs = PayloadCode.Encode(payload);
            foreach (var place in Enumerable.Range(Carrier.PilotBits, Carrier.Bits - Carrier.PilotBits).OrderBy(_ => random.Next()).Take(5))
                signs[place] = -signs[place];
            Assert.That(PayloadCode.Decode(signs), Is.EqualTo(payload));
        }
    }

    [Test]
    public void Correlate_SquareThatBeginsElsewhere_FindsItsBits()
    {
        var signs = PayloadCode.Encode(Payload);
        var square = Carrier.Draw(signs);
        var moved = new int[square.Length];
        for (var y = 0; y < Carrier.Side; y++)
            for (var x = 0; x < Carrier.Side; x++)
            {
                var (column, row) = ((x + 60) % Carrier.Side, (y + 5) % Carrier.Side);
                moved[row * Carrier.Side + column] = (int)Math.Round(1000 * square[y * Carrier.Side + x]);
            }

        var amounts = new double[Carrier.Bits];
        Carrier.Correlate(Carrier.Analyse(moved), 60, 5, amounts);

        Assert.That(Detector.Agreement(amounts, signs), Is.GreaterThan(0.98));
    }

    private static double Psnr(Image<L8> first, Image<L8> second)
    {
        var error = Enumerable.Range(0, first.Width * first.Height).Average(i =>
            Math.Pow(first[i % first.Width, i / first.Width].PackedValue - second[i % first.Width, i / first.Width].PackedValue, 2));
        return 20 * Math.Log10(255) - 10 * Math.Log10(error);
    }

    private static Image<Rgb24> Encoded(Image<Rgb24> image, IImageEncoder encoder)
    {
        using var file = new MemoryStream();
        image.Save(file, encoder);
        file.Position = 0;
        return Image.Load<Rgb24>(file);
    }
}
