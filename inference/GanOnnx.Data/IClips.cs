using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Data;

/// <summary>A source of clips: moving pictures, all of as many frames. Its images are frames of them, see
/// <see cref="ClipFrames.Shown"/>.</summary>
internal interface IClips
{
    /// <summary>Frames of each clip (T).</summary>
    int Frames { get; }

    /// <summary>All frames of a clip in order, each bytes <c>[size, size, channels]</c>.</summary>
    /// <exception cref="ImageException">This clip can't be read; the others may be fine.</exception>
    byte[][] ReadClip(int clip, int size, int channels);
}

/// <summary>Which frames of clips are meant.</summary>
internal static class ClipFrames
{
    /// <summary>As many as a clip has if nothing is said.</summary>
    public const int Default = 16;

    /// <summary>The frame that stands for a clip where one picture of it is looked at: drawn by the clip's number, so that of any choice of
    /// clips all frames are seen.</summary>
    public static int Shown(int clip, int frames) => (int)((ulong)((uint)clip * 2_654_435_769) * (ulong)frames >> 32); // Fibonacci hashing

    /// <summary>As images, the frame that stands for each of some clips, the first of which has that number.</summary>
    public static ImageBatch ShownOf(VideoBatch clips, int first)
    {
        var length = clips.Channels * clips.Height * clips.Width;
        var values = new float[clips.Count * length];
        for (var i = 0; i < clips.Count; i++)
            clips[i].Slice(Shown(first + i, clips.Frames) * length, length).CopyTo(values.AsSpan(i * length));
        return new ImageBatch(values, clips.Count, clips.Channels, clips.Height, clips.Width);
    }

    /// <summary>Of more frames those in the middle: the first of them.</summary>
    public static int First(int there, int wanted) => (there - wanted) / 2;
}
