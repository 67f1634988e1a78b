using GanOnnx.Imaging.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging.Tests;

/// <summary>Animations of strangers, read frame by frame.</summary>
public sealed class AnimationReadingTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(17)]
    public void Frames_of_a_gif_are_counted_without_decoding(int frames)
    {
        var gif = Gif(frames, 5, 4);
        Assert.That(FrameCount.Of(gif), Is.EqualTo(frames));
        for (var length = 0; length < gif.Length; length += 7)
            Assert.That(FrameCount.Of(gif.AsSpan(0, length)), Is.InRange(0, frames), "cut short");
    }

    [Test]
    public void Other_files_have_one_frame()
    {
        using var image = new Image<Rgb24>(3, 3);
        using var file = new MemoryStream();
        image.Save(file, new WebpEncoder());
        Assert.That(FrameCount.Of(file.ToArray()), Is.EqualTo(1));
        Assert.That(FrameCount.Of("anything"u8), Is.EqualTo(1));
        file.Position = 0;
        Assert.That(ImageReader.CountFrames(file), Is.EqualTo(1));
        Assert.That(ImageReader.CountFrames(new MemoryStream(Gif(3, 4, 4))), Is.EqualTo(3));
    }

    [TestCase(4, 4, 0)]
    [TestCase(9, 4, 2)]
    [TestCase(10, 4, 3)]
    public void Of_longer_animations_the_middle_is_taken(int there, int wanted, int first)
    {
        var frames = ImageReader.ReadFrames(new MemoryStream(Gif(there, 8, 8)), 8, 1, ImageFit.Crop, "a.gif", wanted);
        Assert.That(frames.Select(frame => frame[0] / 10), Is.EqualTo(Enumerable.Range(first, wanted)));
    }

    [TestCase(1, "'a.gif' has one frame, and 4 are needed.")]
    [TestCase(3, "'a.gif' has 3 frames, and 4 are needed.")]
    public void Shorter_ones_are_refused(int there, string message) =>
        Assert.That(() => ImageReader.ReadFrames(new MemoryStream(Gif(there, 8, 8)), 8, 1, ImageFit.Crop, "a.gif", 4),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(message));

    // 3,000 frames of a few bytes each would be 12 GB.
    [Test]
    public void A_bomb_of_frames_is_refused_before_it_is_decoded() =>
        Assert.That(() => ImageReader.ReadFrames(new MemoryStream(Bomb(3000, 1000, 1000)), 8, 1, ImageFit.Crop, "bomb.gif", 4),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                "'bomb.gif' has 3,000 frames of 1000 × 1000 pixels, more than the limit of 100,000,000 pixels. Shrink or shorten it."));

    // To the decoder a byte that means nothing is none, and so the frames behind it count; 100 of a million pixels are decoded at most.
    [Test]
    public void A_bomb_behind_a_byte_that_means_nothing_is_refused_too()
    {
        var bomb = Bomb(3000, 1000, 1000);
        var at = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[(byte)',', 0, 0, 0, 0]);
        bomb = [.. bomb[..at], 0x01, .. bomb[at..]];
        Assert.That(FrameCount.Of(bomb), Is.Zero);
        Assert.That(() => ImageReader.ReadFrames(new MemoryStream(bomb), 8, 1, ImageFit.Crop, "bomb.gif", 4),
            Throws.TypeOf<ImageException>().With.Message.EqualTo(
                "'bomb.gif' has 101 frames of 1000 × 1000 pixels, more than the limit of 100,000,000 pixels. Shrink or shorten it."));
    }

    [Test]
    public void Damaged_animations_are_refused_in_a_sentence()
    {
        var (gif, random) = (Gif(5, 8, 8), new Random(2));
        for (var i = 0; i < 200; i++)
        {
            byte[] damaged = [.. gif];
            for (var j = 0; j < 4; j++)
                damaged[6 + random.Next(damaged.Length - 6)] = (byte)random.Next(256);
            try
            {
                ImageReader.ReadFrames(new MemoryStream(damaged[..random.Next(30, damaged.Length + 1)]), 8, 1, ImageFit.Crop, "a.gif", 4);
            }
            catch (ImageException e)
            {
                Assert.That(e.Message, Does.StartWith("'a.gif' "));
            }
        }
    }

    // Frame i is grey of 10 · i.
    private static byte[] Gif(int frames, int width, int height)
    {
        using var file = new MemoryStream();
        using var image = Grey(0);
        for (var i = 1; i < frames; i++)
        {
            using var next = Grey(i);
            image.Frames.AddFrame(next.Frames.RootFrame);
        }
        image.Save(file, new GifEncoder { ColorTableMode = GifColorTableMode.Local });
        return file.ToArray();

        Image<Rgba32> Grey(int i) => new(width, height, new Rgba32((byte)(10 * i), (byte)(10 * i), (byte)(10 * i)));
    }

    private static byte[] Bomb(int frames, int width, int height)
    {
        var gif = Gif(1, 1, 1);
        (gif[6], gif[7], gif[8], gif[9]) = ((byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8));
        var at = gif.AsSpan().IndexOf((ReadOnlySpan<byte>)[(byte)',', 0, 0, 0, 0]);
        return [.. gif[..at], .. Enumerable.Repeat(gif[at..^1], frames).SelectMany(part => part), (byte)';'];
    }
}
