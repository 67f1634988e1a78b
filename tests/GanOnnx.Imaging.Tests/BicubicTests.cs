using GanOnnx.Imaging.Resampling;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>Pictures are resized as MATLAB's imresize does it: the numbers are of a program of its own, in numpy and double precision,
/// which follows imresize's description (u = x / s + (1 − 1 / s) / 2, kernel and its width stretched by 1 / s, indices mirrored).</summary>
public sealed class BicubicTests
{
    [TestCase(12, 9, 4, 3, new[] { 4, 19, 53, 106, 50, 64, 101, 161, 153, 172, 173, 124 }, TestName = "Three_times_smaller")]
    [TestCase(8, 6, 4, 3, new[] { 1, 7, 21, 44, 19, 25, 40, 62, 63, 69, 83, 105 }, TestName = "Two_times_smaller")]
    [TestCase(4, 4, 1, 1, new[] { 14 }, TestName = "A_kernel_wider_than_the_picture_and_its_mirror")]
    [TestCase(2, 1, 4, 2, new[] { 0, 0, 1, 1, 0, 0, 1, 1 }, TestName = "Two_times_larger_than_almost_nothing")]
    [TestCase(5, 4, 15, 8, new[]
    {
        0, 0, 0, 0, 1, 1, 2, 4, 5, 7, 9, 11, 14, 16, 16, 0, 0, 1, 1, 1, 2, 3, 4, 6, 8, 9, 12, 15, 16, 17, 2, 2, 2, 2, 3, 4, 5, 6, 7, 9, 11,
        13, 16, 18, 19, 5, 5, 5, 5, 6, 6, 7, 9, 10, 12, 14, 16, 19, 21, 21, 9, 9, 9, 10, 10, 11, 12, 13, 15, 16, 18, 21, 23, 25, 26, 16, 16,
        16, 16, 17, 17, 18, 20, 21, 23, 25, 27, 30, 32, 32, 24, 24, 24, 25, 25, 26, 27, 28, 30, 31, 33, 36, 38, 40, 41, 28, 28, 29, 29, 29,
        30, 31, 32, 34, 36, 37, 40, 43, 44, 45,
    }, TestName = "Three_times_wider_and_twice_as_high")]
    public void Resize_gives_the_values_of_imresize(int width, int height, int toWidth, int toHeight, int[] green)
    {
        using var picture = new Image<Rgb24>(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                picture[x, y] = new((byte)(x * 11 + y * 7), (byte)(x * x + 3 * y * y), (byte)(x * y * 5 + 40));

        using var resized = Bicubic.Resize(picture, toWidth, toHeight);

        var pixels = new Rgb24[toWidth * toHeight];
        resized.CopyPixelDataTo(pixels);
        Assert.That(pixels.Select(pixel => (int)pixel.G), Is.EqualTo(green));
    }

    [Test]
    public void Values_beyond_black_and_white_are_cut_off()
    {
        using var edge = Image.LoadPixelData([new Rgb24(0, 0, 0), new(0, 0, 0), new(255, 255, 255), new(255, 255, 255)], 4, 1);

        using var larger = Bicubic.Resize(edge, 16, 1);

        Assert.That(Enumerable.Range(0, 16).Select(x => larger[x, 0].R), Is.Ordered);
        Assert.That((larger[0, 0].R, larger[15, 0].R), Is.EqualTo(((byte)0, (byte)255)));
    }
}
