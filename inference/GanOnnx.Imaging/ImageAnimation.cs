using GanOnnx.Imaging.Animation;
using GanOnnx.Imaging.Metadata;
using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.Imaging;

/// <summary>Writes animations to files.</summary>
public static class ImageAnimation
{
    /// <summary>The fastest GIF that plays as it says: viewers slow down frames shorter than 2 hundredths of a second.</summary>
    public const double HighestFramesPerSecond = 50;

    /// <summary>The slowest rate that is taken.</summary>
    public const double LowestFramesPerSecond = 0.1;

    private const int LargestSide = ushort.MaxValue;

    /// <summary>
    /// Writes an animated GIF (<c>.gif</c>). The file appears whole or not at all; an older one is replaced and a missing folder is made.
    /// </summary>
    /// <param name="frames">
    /// Pictures of one size, at least one. They are taken one at a time, and one is held in memory, however many there are;
    /// a sequence may dispose a picture when the next one is asked for. Transparent parts are drawn on white.
    /// </param>
    /// <param name="path">The file.</param>
    /// <param name="framesPerSecond">
    /// 0.1 to 50. A GIF counts in hundredths of a second; frames are a hundredth longer or shorter so that the rate is right on average.
    /// </param>
    /// <param name="options">Repetition and provenance.</param>
    /// <remarks>
    /// Grey frames (<c>Image&lt;L8&gt;</c>) keep every value. Others get the 256 colours that suit each best, without dithering, which
    /// would flicker.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no frame, or they differ in size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The frames per second are not from 0.1 to 50.</exception>
    /// <exception cref="ImageException">The extension is not .gif, the frames are too large for a GIF, or the file can't be
    /// written.</exception>
    public static void Save(IEnumerable<Image> frames, string path, double framesPerSecond, ImageAnimationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckRate(framesPerSecond);
        if (!Path.GetExtension(path).Equals(".gif", StringComparison.OrdinalIgnoreCase))
            throw new ImageException($"'{path}' is no name for an animation; use .gif.");
        ImageFile.Write(path, stream => Write(stream, frames, $"'{path}'", framesPerSecond, options ?? new()));
    }

    /// <summary>Encodes an animated GIF in memory, as <see cref="Save"/> does into a file.</summary>
    /// <param name="frames">As for <see cref="Save"/>.</param>
    /// <param name="framesPerSecond">As for <see cref="Save"/>.</param>
    /// <param name="options">Repetition and provenance.</param>
    /// <returns>What the file would hold.</returns>
    /// <exception cref="ArgumentException">There is no frame, or they differ in size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The frames per second are not from 0.1 to 50.</exception>
    /// <exception cref="ImageException">The frames are too large for a GIF.</exception>
    public static byte[] Encode(IEnumerable<Image> frames, double framesPerSecond, ImageAnimationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        CheckRate(framesPerSecond);
        using var file = new MemoryStream();
        Write(file, frames, "A .gif file", framesPerSecond, options ?? new());
        return file.ToArray();
    }

    /// <summary>Images as frames to look at: those that are too small for it grow, as in a grid. Each is disposed when the next is asked
    /// for.</summary>
    internal static IEnumerable<Image> Enlarged(IEnumerable<ImageBatch> batches)
    {
        foreach (var batch in batches)
            for (var i = 0; i < batch.Count; i++)
            {
                using var image = batch.ToImage(i);
                using var enlarged = ImageGrid.Compose([image]);
                yield return enlarged;
            }
    }

    private static void CheckRate(double framesPerSecond)
    {
        if (!(framesPerSecond is >= LowestFramesPerSecond and <= HighestFramesPerSecond))
            throw new ArgumentOutOfRangeException(
                nameof(framesPerSecond), framesPerSecond,
                    $"{LowestFramesPerSecond} to {HighestFramesPerSecond} frames per second are possible.");
    }

    /// <summary>As <see cref="Save"/>, into a stream.</summary>
    internal static void Write(Stream stream, IEnumerable<Image> frames, string what, double framesPerSecond, ImageAnimationOptions options)
    {
        var xmp = options.Provenance is { } provenance ? ProvenanceXmp.ToProfile(provenance) : null;
        using var animation = new GifAnimation(stream, options.Loop, xmp);
        var end = 0;
        foreach (var frame in frames)
        {
            if (Math.Max(frame.Width, frame.Height) > LargestSide)
                throw new ImageException($"{what} can't hold {frame.Width} × {frame.Height} pixels, at most {LargestSide} in a "
                    + "row or column.");
            var start = end;
            end = (int)Math.Round((animation.Frames + 1) * 100 / framesPerSecond);
            animation.Add(frame, end - start);
        }
        animation.End();
    }
}
