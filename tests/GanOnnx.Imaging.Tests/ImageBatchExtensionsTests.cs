using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

public class ImageBatchExtensionsTests
{
    [Test]
    public void ToImage_OneChannel_IsGrey()
    {
        // Two images of 1 × 2 × 3.
        var batch = new ImageBatch([0, 0, 0, 0, 0, 0, -1, -0.5f, 0, 0.5f, 1, 2], 2, 1, 2, 3);

        using var image = (Image<L8>)batch.ToImage(1);

        Assert.That((image.Width, image.Height), Is.EqualTo((3, 2)));
        Assert.That(Bytes(image), Is.EqualTo(new byte[] { 0, 64, 128, 191, 255, 255 }));
    }

    [Test]
    public void ToImage_ThreeChannels_IsColour()
    {
        // One image of 3 × 1 × 2: red, then blue.
        var batch = new ImageBatch([1, -1, -1, -1, -1, 1], 1, 3, 1, 2);

        using var image = (Image<Rgb24>)batch.ToImage(0);

        Assert.That(image[0, 0], Is.EqualTo(new Rgb24(255, 0, 0)));
        Assert.That(image[1, 0], Is.EqualTo(new Rgb24(0, 0, 255)));
    }

    [Test]
    public void ToImage_OtherChannels_SaysWhatCanBeShown() =>
        Assert.That(
            () => new ImageBatch(new float[8], 1, 2, 2, 2).ToImage(0),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                "The images have 2 channels; only 1 (grey), 3 (red, green, blue) and 4 (and transparency) can be shown."));

    [TestCase(-1)]
    [TestCase(1)]
    public void ToImage_NoSuchImage_Throws(int index) =>
        Assert.That(
            () => new ImageBatch(new float[4], 1, 1, 2, 2).ToImage(index),
            Throws.TypeOf<ArgumentOutOfRangeException>());

    private static byte[] Bytes(Image<L8> image)
    {
        var pixels = new L8[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return Array.ConvertAll(pixels, pixel => pixel.PackedValue);
    }
}
