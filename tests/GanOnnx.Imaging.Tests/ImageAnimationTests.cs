using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>Animations, looked at with Gifsicle and ExifTool, independent programs.</summary>
public class ImageAnimationTests
{
    // Encoders choose colours among bins of 8 values and take the middle of one, or the mean in it.
    private const int Bin = 4;

    private TemporaryFolder _folder = null!;

    private string Gif => _folder["a.gif"];

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(24, 60, 2.5)]
    [TestCase(50, 10, 0.2)]
    [TestCase(0.5, 3, 6)]
    [TestCase(30, 7, 0.23)] // 7/30 s is 23.3 hundredths
    public void Save_FramesPerSecond_LastsSoLong(double framesPerSecond, int frames, double seconds)
    {
        Save(Greys(frames), framesPerSecond);

        var tags = ExifTool.Read(Gif);
        Assert.That(tags["GIF:FrameCount"], Is.EqualTo($"{frames}"));
        Assert.That(double.Parse(tags["GIF:Duration"]), Is.EqualTo(seconds).Within(1e-9));
    }

    [Test]
    public void Save_RateThatHundredthsMiss_IsRightOnAverage()
    {
        Save(Greys(6), 24);

        // Ends at 4.17, 8.33, 12.5, 16.67, 20.83 and 25 hundredths of a second.
        Assert.That(Delays(), Is.EqualTo(new[] { "0.04s", "0.04s", "0.04s", "0.05s", "0.04s", "0.04s" }));
    }

    [Test]
    public void Save_NothingSaid_PlaysForEver()
    {
        Save(Greys(3), 10);

        Assert.That(ExifTool.Read(Gif)["GIF:AnimationIterations"], Is.EqualTo("0"), "0 is for ever");
    }

    [Test]
    public void Save_NoLoop_PlaysOnce()
    {
        Save(Greys(3), 10, new ImageAnimationOptions { Loop = false });

        Assert.That(ExifTool.Read(Gif).Keys, Does.Not.Contain("GIF:AnimationIterations"));
    }

    [Test]
    public void Save_GreyFrames_KeepEveryValue()
    {
        using var ramp = Ramp();
        using var falling = Ramp(fall: true);

        Save([ramp, falling, ramp], 10);

        Assert.That(Frame(0, 16, 1), Is.EqualTo(Pixels(ramp)));
        Assert.That(Frame(1, 16, 1), Is.EqualTo(Pixels(falling)));
        Assert.That(Frame(2, 16, 1), Is.EqualTo(Pixels(ramp)));
    }

    // What is black, or the same as before, tempts an encoder to leave it transparent.
    [Test]
    public void Save_ColourFrames_AreOpaqueAndNear()
    {
        using var colours = Colours();
        using var black = new Image<Rgb24>(16, 16);

        Save([colours, black, colours], 10);

        Assert.That(Tool.Run("gifsicle", "--info", Gif), Does.Not.Contain("transparent"));
        Assert.That(Frame(1, 16, 3), Is.All.LessThanOrEqualTo(Bin));
        // 256 colours out of 256 different ones, some of which share a box.
        var expected = new Rgb24[256];
        colours.CopyPixelDataTo(expected);
        Assert.That(Frame(2, 16, 3), Is.EqualTo(expected.SelectMany(p => new[] { p.R, p.G, p.B })).Within(12));
    }

    [Test]
    public void Save_TransparentParts_AreDrawnOnWhite()
    {
        using var clear = new Image<Rgba32>(16, 16, new Rgba32(10, 20, 30, 0));

        Save([clear], 10);

        Assert.That(Frame(0, 16, 3), Is.All.GreaterThanOrEqualTo(255 - Bin));
    }

    [Test]
    public void Save_SequenceThatDisposesItsFrames_TakesThemOneAtATime()
    {
        Save(Disposed(), 10);

        Assert.That(ExifTool.Read(Gif)["GIF:FrameCount"], Is.EqualTo("5"));

        static IEnumerable<Image> Disposed()
        {
            for (var i = 0; i < 5; i++)
            {
                using var image = new Image<L8>(4, 4, new L8((byte)i));
                yield return image;
            }
        }
    }

    [Test]
    public void Save_AnOpenedGif_ForgetsItsColourTables()
    {
        using var opened = Image.Load<Rgb24>(Fixture.Path("quarters.gif"));

        ImageAnimation.Save([opened], Gif, 10);

        Assert.That(ImageReader.Read(Gif, 32, 3), Is.EqualTo(ImageReader.Read(Fixture.Path("quarters.gif"), 32, 3)).Within(8));
    }

    [Test]
    public void Save_FramesOfTwoSizes_KeepsTheOldFile()
    {
        File.WriteAllText(Gif, "old");
        using var small = new Image<L8>(4, 4);
        using var large = new Image<L8>(5, 4);

        Assert.That(
            () => Save([small, large], 10),
            Throws.ArgumentException.With.Message.StartsWith("An animation's frames must have one size, not 4 × 4 and 5 × 4."));
        Assert.That(File.ReadAllText(Gif), Is.EqualTo("old"));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Save_SequenceThatFails_LeavesNothing()
    {
        Assert.That(() => Save(Failing(), 10), Throws.TypeOf<OperationCanceledException>());
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);

        static IEnumerable<Image> Failing()
        {
            using var image = new Image<L8>(4, 4);
            yield return image;
            throw new OperationCanceledException();
        }
    }

    [Test]
    public void Save_NoFrame_Throws() =>
        Assert.That(() => Save([], 10), Throws.ArgumentException.With.Message.EqualTo("An animation needs at least one frame."));

    [Test]
    public void Save_TooWide_SaysSo()
    {
        using var wide = new Image<L8>(65_536, 1);

        Assert.That(
            () => Save([wide], 10),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                $"'{Gif}' can't hold 65536 × 1 pixels, at most 65535 in a row or column."));
    }

    [Test]
    public void Save_OtherExtension_AsksForGif() =>
        Assert.That(
            () => ImageAnimation.Save(Greys(1), "a.png", 10),
            Throws.TypeOf<ImageException>().With.Message.EqualTo("'a.png' is no name for an animation; use .gif."));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(51)]
    [TestCase(double.NaN)]
    public void Save_RateOutOfRange_Throws(double framesPerSecond) =>
        Assert.That(() => Save(Greys(1), framesPerSecond), Throws.TypeOf<ArgumentOutOfRangeException>());

    private void Save(IEnumerable<Image> frames, double framesPerSecond, ImageAnimationOptions? options = null) =>
        ImageAnimation.Save(frames, Gif, framesPerSecond, options);

    private static IEnumerable<Image> Greys(int count) => Enumerable.Range(0, count).Select(i => new Image<L8>(4, 4, new L8((byte)i)));

    private static Image<L8> Ramp(bool fall = false)
    {
        var image = new Image<L8>(16, 16);
        for (var i = 0; i < 256; i++)
            image[i % 16, i / 16] = new L8((byte)(fall ? 255 - i : i));
        return image;
    }

    private static Image<Rgb24> Colours()
    {
        var image = new Image<Rgb24>(16, 16);
        for (var i = 0; i < 256; i++)
            image[i % 16, i / 16] = new Rgb24((byte)(i % 16 * 17), (byte)(i / 16 * 17), 128);
        return image;
    }

    private static byte[] Pixels(Image<L8> image)
    {
        var pixels = new L8[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return [.. pixels.Select(p => p.PackedValue)];
    }

    /// <summary>One frame as it looks on the screen, taken out by Gifsicle.</summary>
    private byte[] Frame(int frame, int size, int channels)
    {
        Tool.Run("gifsicle", "--unoptimize", Gif, $"#{frame}", "--output", _folder["frame.gif"]);
        return ImageReader.Read(_folder["frame.gif"], size, channels);
    }

    private IEnumerable<string> Delays() =>
        Tool.Run("gifsicle", "--info", Gif).Split('\n').Where(line => line.Contains("delay")).Select(line => line.Trim().Split(' ')[^1]);
}
