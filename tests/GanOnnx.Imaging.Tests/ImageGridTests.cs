using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

public class ImageGridTests
{
    private static readonly ImageGridOptions _plain = new() { Scale = 1, Gap = 0 };

    [Test]
    public void Compose_FiveImages_LaysThemOutExactly()
    {
        // Five images of one pixel, scaled by 2, a gap of 1 pixel, background #808080, three columns.
        var batch = new ImageBatch([-1, -0.75f, -0.5f, -0.25f, 1], 5, 1, 1, 1);
        var options = new ImageGridOptions { Scale = 2, Gap = 1, Background = new Rgb24(0x80, 0x80, 0x80) };

        using var grid = (Image<L8>)ImageGrid.Compose(batch, options);

        Assert.That(Rows(grid), Is.EqualTo(new[]
        {
            "00 00 80 20 20 80 40 40",
            "00 00 80 20 20 80 40 40",
            "80 80 80 80 80 80 80 80",
            "60 60 80 FF FF 80 80 80",
            "60 60 80 FF FF 80 80 80",
        }));
    }

    [TestCase(1, 1, 1)]
    [TestCase(2, 2, 1)]
    [TestCase(4, 2, 2)]
    [TestCase(5, 3, 2)]
    [TestCase(9, 3, 3)]
    [TestCase(10, 4, 3)]
    public void Compose_NoColumnsGiven_IsAsSquareAsPossible(int count, int columns, int rows)
    {
        using var grid = ImageGrid.Compose(Black(count, 1, 1), _plain);

        Assert.That((grid.Width, grid.Height), Is.EqualTo((columns, rows)));
    }

    [TestCase(2, 2, 3)]
    [TestCase(5, 5, 1)]
    [TestCase(9, 5, 1)]
    public void Compose_ColumnsGiven_AreTheMost(int columns, int width, int height)
    {
        using var grid = ImageGrid.Compose(Black(5, 1, 1), _plain with { Columns = columns });

        Assert.That((grid.Width, grid.Height), Is.EqualTo((width, height)));
    }

    [TestCase(28, 84)]
    [TestCase(32, 64)]
    [TestCase(63, 126)]
    [TestCase(64, 64)]
    [TestCase(256, 256)]
    public void Compose_SmallImage_GrowsToSixtyFourPixels(int size, int expected)
    {
        using var grid = ImageGrid.Compose(Black(1, size, size));

        Assert.That((grid.Width, grid.Height), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void Compose_ManySmallImages_GrowOnlyWhileTheGridStaysSmall()
    {
        // 100 × 100 tiles of 8 pixels: at 8 times they would take 6,598, at 4 times 3,398, at 5 times 4,198.
        using var grid = ImageGrid.Compose(Black(10_000, 8, 8));

        Assert.That(grid.Width, Is.EqualTo(100 * 8 * 4 + 99 * 2));
    }

    [Test]
    public void Compose_Defaults_GapIsTwoWhitePixels()
    {
        using var grid = (Image<L8>)ImageGrid.Compose(Black(2, 64, 64));

        Assert.That(grid.Width, Is.EqualTo(64 + 2 + 64));
        Assert.That(
            new[] { grid[63, 0], grid[64, 0], grid[65, 0], grid[66, 0] },
            Is.EqualTo(new[] { new L8(0), new L8(255), new L8(255), new L8(0) }));
    }

    [Test]
    public void Compose_GreyAndColourTogether_IsColour()
    {
        using var grey = new Image<L8>(1, 1, new L8(7));
        using var colour = new Image<Rgb24>(1, 1, new Rgb24(1, 2, 3));

        using var grid = (Image<Rgb24>)ImageGrid.Compose([grey, colour], _plain);

        Assert.That(new[] { grid[0, 0], grid[1, 0] }, Is.EqualTo(new[] { new Rgb24(7, 7, 7), new Rgb24(1, 2, 3) }));
    }

    [Test]
    public void Compose_DifferentSizes_Throws()
    {
        using var small = new Image<L8>(2, 2);
        using var large = new Image<L8>(3, 2);

        Assert.That(
            () => ImageGrid.Compose([small, large]),
            Throws.ArgumentException.With.Message.StartsWith("A grid's images must have one size, not 2 × 2 and 3 × 2."));
    }

    [Test]
    public void Compose_NoImages_Throws() =>
        Assert.That(() => ImageGrid.Compose([]), Throws.ArgumentException);

    [Test]
    public void Compose_TooManyPixels_SaysHowMany() =>
        Assert.That(
            () => ImageGrid.Compose(Black(4, 1, 1), new ImageGridOptions { Scale = 10_000, Gap = 0 }),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                "A grid of 2 × 2 images would have 20000 × 20000 pixels, more than 100,000,000. " +
                "Use fewer images, or a folder with one file per image."));

    [TestCase(0, 1, 0)]
    [TestCase(1, 0, 0)]
    [TestCase(1, 1, -1)]
    public void Compose_OptionOutOfRange_Throws(int columns, int scale, int gap) =>
        Assert.That(
            () => ImageGrid.Compose(Black(1, 1, 1), new ImageGridOptions { Columns = columns, Scale = scale, Gap = gap }),
            Throws.TypeOf<ArgumentOutOfRangeException>());

    private static ImageBatch Black(int count, int height, int width) =>
        new(Enumerable.Repeat(-1f, count * height * width).ToArray(), count, 1, height, width);

    private static string[] Rows(Image<L8> image) =>
        [.. Enumerable.Range(0, image.Height).Select(y =>
            string.Join(' ', Enumerable.Range(0, image.Width).Select(x => image[x, y].PackedValue.ToString("X2"))))];
}
