using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>Pictures through a model that doubles every pixel: what of them the model doesn't take comes back beside it.</summary>
public sealed class ImageTranslatorExtensionsTests : IDisposable
{
    private static readonly Rgba32 Red = new(200, 30, 40), Blue = new(10, 60, 220), Half = new(10, 60, 220, 128), Hidden = new(1, 2, 3, 0);

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Colours_of_a_colour_model_are_its_own()
    {
        using var result = Translate(ForeignModels.Upscaler("N", 3, "H", "W"), Red, Blue);
        Assert.That(result, Is.TypeOf<Image<Rgb24>>());
        Assert.That(Pixels(result), Is.EqualTo(new[] { Red, Red, Blue, Blue }));
    }

    [Test]
    public void A_grey_model_that_enlarges_gets_the_brightness_and_the_colours_come_back()
    {
        using var result = Translate(ForeignModels.Upscaler("N", 1, "H", "W"), Red, Red);
        Assert.That(result, Is.TypeOf<Image<Rgb24>>());
        foreach (var pixel in Pixels(result))
            Assert.That(new[] { pixel.R, pixel.G, pixel.B }, Is.EqualTo(new[] { 200, 30, 40 }).Within(1));
    }

    [Test]
    public void Grey_pictures_stay_grey()
    {
        using var result = Translate(ForeignModels.Upscaler("N", 1, "H", "W"), new(70, 70, 70), new(200, 200, 200));
        Assert.That(result, Is.TypeOf<Image<L8>>());
        Assert.That(Pixels(result), Is.EqualTo(new Rgba32[] { new(70, 70, 70), new(70, 70, 70), new(200, 200, 200), new(200, 200, 200) }));
    }

    [Test]
    public void Transparency_is_enlarged_and_what_cant_be_seen_is_white()
    {
        using var result = Translate(ForeignModels.Upscaler("N", 3, "H", "W"), Hidden, Hidden);
        Assert.That(result, Is.TypeOf<Image<Rgba32>>());
        Assert.That(Pixels(result), Is.All.EqualTo(new Rgba32(255, 255, 255, 0)));

        using var half = Translate(ForeignModels.Upscaler("N", 3, "H", "W"), Half, Half);
        Assert.That(Pixels(half), Is.All.EqualTo(Half));
    }

    [Test]
    public void A_model_that_doesnt_enlarge_sees_transparent_parts_on_white()
    {
        using var result = Translate(ForeignModels.Darker(null, "N", 3, "H", "W"), Hidden, new(0, 0, 0, 255));
        Assert.That(result, Is.TypeOf<Image<Rgb24>>());
        // Half as far from black: 255 becomes 127.5.
        Assert.That(Pixels(result), Is.EqualTo(new Rgba32[] { new(128, 128, 128), new(0, 0, 0) }));
    }

    [Test]
    public void A_grey_model_that_doesnt_enlarge_sees_grey()
    {
        using var result = Translate(ForeignModels.Darker(null, "N", 1, "H", "W"), new(255, 0, 0), new(255, 255, 255));
        Assert.That(result, Is.TypeOf<Image<L8>>());
        // BT.709: red is 54 of 255.
        Assert.That(Pixels(result).Select(pixel => (int)pixel.R), Is.EqualTo(new[] { 27, 128 }).Within(1));
    }

    [Test]
    public void Four_channels_go_through_the_model()
    {
        using var result = Translate(ForeignModels.Upscaler("N", 4, "H", "W"), Half, Red);
        Assert.That(result, Is.TypeOf<Image<Rgba32>>());
        Assert.That(Pixels(result), Is.EqualTo(new[] { Half, Half, Red, Red }));
    }

    // In tiles, whose rows are written as they are done, and whole.
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(4)]
    public void Pictures_are_those_of_the_translated_values(int channels)
    {
        using var translator = Load(ForeignModels.Upscaler("N", channels, "H", "W"));
        using Image<Rgba32> first = Pattern(45, 70, 1), second = Pattern(45, 70, 2);
        var values = new float[2 * channels * 70 * 45];
        for (var i = 0; i < values.Length; i++)
        {
            var (picture, channel, y, x) = (i / (channels * 70 * 45), i / (70 * 45) % channels, i / 45 % 70, i % 45);
            var pixel = (picture == 0 ? first : second)[x, y];
            values[i] = (channel switch { 0 => pixel.R, 1 => pixel.G, 2 => pixel.B, _ => pixel.A }) / 127.5f - 1;
        }
        foreach (var tiles in new TileOptions[] { new() { Whole = long.MaxValue }, new() { Whole = 0, Size = 16 } })
        {
            Assert.That(translator.PlanFor(channels, 70, 45, tiles).Tiles, tiles.Size is null ? Is.EqualTo(1) : Is.GreaterThan(4));
            var expected = translator.TranslateAny(new(values, 2, channels, 70, 45), tiles);
            var results = translator.Translate([first, second], tiles);
            for (var i = 0; i < results.Count; i++)
            {
                using var result = results[i];
                using var same = expected.ToImage(i);
                Assert.That(All(result), Is.EqualTo(All(same)), $"picture {i}, {tiles}");
            }
        }

        // Grey, so that a grey model gets all there is.
        Image<Rgba32> Pattern(int width, int height, int seed)
        {
            var random = new Random(seed);
            Image<Rgba32> picture = new(width, height);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    picture[x, y] = channels == 1 ? Grey((byte)random.Next(256))
                        : new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)255);
            return picture;
        }

        static Rgba32 Grey(byte value) => new(value, value, value);
    }

    [Test]
    public void A_large_picture_is_never_whole_in_values()
    {
        using var translator = Load(ForeignModels.Upscaler("N", 3, "H", "W"));
        using Image<Rgb24> large = new(1000, 800);
        const long ValuesOfResult = 4L * 3 * 2000 * 1600;
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var result = translator.Translate([large])[0];
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(ValuesOfResult));
        Assert.That((result.Width, result.Height), Is.EqualTo((2000, 1600)));
    }

    [Test]
    public void Pictures_of_several_sizes_or_none_are_refused()
    {
        using var translator = Load(ForeignModels.Upscaler("N", 3, "H", "W"));
        using Image<Rgba32> small = new(1, 1), large = new(2, 2);
        Assert.That(() => translator.Translate([small, large]), Throws.ArgumentException);
        Assert.That(() => translator.Translate(Array.Empty<Image>()), Throws.ArgumentException);
    }

    [Test]
    public void ReadWhole_turns_upright_and_keeps_transparency()
    {
        using var folder = new TemporaryFolder();
        using (Image<Rgba32> picture = new(3, 2))
        {
            picture[0, 0] = Half;
            picture.Metadata.ExifProfile = new();
            picture.Metadata.ExifProfile.SetValue(SixLabors.ImageSharp.Metadata.Profiles.Exif.ExifTag.Orientation, (ushort)6);
            picture.SaveAsPng(folder["turned.png"]);
        }
        using var read = ImageReader.ReadWhole(folder["turned.png"]);
        Assert.That((read.Width, read.Height), Is.EqualTo((2, 3)));
        Assert.That(read[1, 0], Is.EqualTo(Half), "turned by a quarter, the left upper corner is the right one");
        Assert.That(() => ImageReader.ReadWhole(folder["missing.png"]), Throws.TypeOf<ImageException>());
        Assert.That(() => ImageReader.ReadWhole(folder["turned.png"], maxPixels: 5), Throws.TypeOf<ImageException>());
    }

    private ImageTranslator Load(ModelBuilder model) => ImageTranslator.Load(_folder.Save(model),
        new() { Device = Device.Cpu, Input = new() { Range = ValueRange.Signed } });

    private Image Translate(ModelBuilder model, Rgba32 left, Rgba32 right)
    {
        using var translator = Load(model);
        using var picture = Image.LoadPixelData([left, right], 2, 1);
        return translator.Translate([picture])[0];
    }

    private static Rgba32[] All(Image image)
    {
        using var copy = image.CloneAs<Rgba32>();
        var pixels = new Rgba32[copy.Width * copy.Height];
        copy.CopyPixelDataTo(pixels);
        return pixels;
    }

    // The first row.
    private static Rgba32[] Pixels(Image image)
    {
        using var copy = image.CloneAs<Rgba32>();
        return [.. Enumerable.Range(0, copy.Width).Select(x => copy[x, 0])];
    }
}
