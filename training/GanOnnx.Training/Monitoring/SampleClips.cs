using GanOnnx.Imaging;
using GanOnnx.Imaging.Animation;
using GanOnnx.Inference;

namespace GanOnnx.Training.Monitoring;

/// <summary>A tick's samples as one animation, beside each other.</summary>
internal static class SampleClips
{
    /// <summary>The files.</summary>
    public static MediaSamples Files { get; } = new(".gif", Origin);

    /// <summary>How many are shown: of large ones few, so that the page isn't heavy.</summary>
    /// <param name="size">Their height and width in pixels.</param>
    public static int CountOf(int size) => size > 64 ? 4 : 16;

    /// <summary>The file of clips.</summary>
    public static Func<Provenance, byte[]> Encoder(VideoBatch clips) => origin => ImageAnimation.Encode(ClipAnimation.Grids(clips),
        clips.FramesPerSecond, new ImageAnimationOptions { Provenance = origin });

    private static Provenance? Origin(string path)
    {
        try
        {
            return Provenance.Read(path);
        }
        catch (ImageException)
        {
            return null;
        }
    }
}
