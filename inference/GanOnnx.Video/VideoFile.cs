using GanOnnx.Imaging;
using GanOnnx.Imaging.Animation;
using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.Video;

/// <summary>Writes clips to GIF files, and to MP4 files where FFmpeg is installed; they say where they come from.</summary>
public static class VideoFile
{
    private const string Gif = ".gif", Mp4 = ".mp4";

    /// <summary>Whether MP4 files can be written: the program ffmpeg is found where programs are.</summary>
    public static bool CanWriteMp4 => Mp4File.IsPossible;

    /// <summary>Whether a file's ending is one that can be written, in upper or lower case.</summary>
    public static bool IsVideoFile(string path) => IsGif(path) || IsMp4(path);

    /// <summary>Whether a file's ending is that of MP4 files.</summary>
    public static bool IsMp4(string path) => Path.GetExtension(path).Equals(Mp4, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes a clip. The file appears whole or not at all; an older one is replaced and a missing folder is made. Frames that are
    /// too small to look at grow, as in a grid of images.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="clip">Which of them, from 0.</param>
    /// <param name="path">The file, a .gif or .mp4.</param>
    /// <param name="provenance">What the file says of its origin; null for nothing.</param>
    /// <exception cref="VideoException">The name has another ending, there is no FFmpeg, or the file can't be written.</exception>
    public static void Save(VideoBatch clips, int clip, string path, Provenance? provenance)
    {
        ArgumentNullException.ThrowIfNull(clips);
        Save(Frames(clips, clip), path, clips.FramesPerSecond, provenance);
    }

    /// <summary>Writes all clips beside each other, moving at the same time; else as <see cref="Save(VideoBatch, int, string, Provenance?)"/>.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="path">The file, a .gif or .mp4.</param>
    /// <param name="provenance">What the file says of its origin; null for nothing.</param>
    /// <param name="options">How the grid is laid out; null for the defaults.</param>
    /// <exception cref="VideoException">The name has another ending, there is no FFmpeg, or the file can't be written.</exception>
    public static void SaveGrid(VideoBatch clips, string path, Provenance? provenance, ImageGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(clips);
        Save(ClipAnimation.Grids(clips, options), path, clips.FramesPerSecond, provenance);
    }

    /// <summary>Writes pictures as a clip.</summary>
    /// <param name="frames">Pictures of one size, at least one. They are taken one at a time.</param>
    /// <param name="path">The file, a .gif or .mp4.</param>
    /// <param name="framesPerSecond">0.1 to 50.</param>
    /// <param name="provenance">What the file says of its origin; null for nothing.</param>
    /// <param name="loop">Whether a GIF begins again at its end. The default is true; an MP4 file can't say it.</param>
    /// <param name="cancellation">Ends FFmpeg.</param>
    /// <exception cref="ArgumentException">There is no frame, or they differ in size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The frames per second are not from 0.1 to 50.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="VideoException">The name has another ending, there is no FFmpeg, or the file can't be written.</exception>
    public static void Save(IEnumerable<Image> frames, string path, double framesPerSecond, Provenance? provenance, bool loop = true,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckRate(framesPerSecond);
        if (!IsVideoFile(path))
            throw new VideoException($"'{path}' isn't a name for a clip; use {Gif} or {Mp4}.");
        try
        {
            if (IsGif(path))
                ImageAnimation.Save(frames, path, framesPerSecond, new ImageAnimationOptions { Provenance = provenance, Loop = loop });
            else
                ImageFile.Write(path, stream => Mp4File.Write(stream, frames, framesPerSecond, provenance, cancellation));
        }
        catch (ImageException e)
        {
            throw new VideoException(e.Message, e);
        }
    }

    /// <summary>Encodes a clip in memory, as <see cref="Save(VideoBatch, int, string, Provenance?)"/> does into a file.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="clip">Which of them, from 0.</param>
    /// <param name="extension"><c>.gif</c> or <c>.mp4</c>.</param>
    /// <param name="provenance">What the file says of its origin; null for nothing.</param>
    /// <param name="cancellation">Ends FFmpeg.</param>
    /// <returns>What the file would hold.</returns>
    /// <exception cref="VideoException">The ending is another one, the frames are too large for a GIF, or there is no FFmpeg.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static byte[] Encode(VideoBatch clips, int clip, string extension, Provenance? provenance,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        try
        {
            return EncodeAs(clips, clip, extension, provenance, cancellation);
        }
        catch (ImageException e)
        {
            throw new VideoException(e.Message, e);
        }
    }

    private static byte[] EncodeAs(VideoBatch clips, int clip, string extension, Provenance? provenance, CancellationToken cancellation)
    {
        if (IsGif(extension))
            return ImageAnimation.Encode(Frames(clips, clip), clips.FramesPerSecond, new ImageAnimationOptions { Provenance = provenance });
        if (!IsMp4(extension))
            throw new VideoException($"'{extension}' isn't an ending for a clip; use {Gif} or {Mp4}.");
        using var file = new MemoryStream();
        Mp4File.Write(file, Frames(clips, clip), clips.FramesPerSecond, provenance, cancellation);
        return file.ToArray();
    }

    /// <summary>What an MP4 file says of its origin; null where it says nothing that is known.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="VideoException">It can't be read.</exception>
    public static Provenance? ReadMp4Provenance(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = File.OpenRead(path);
            return Mp4File.ReadProvenance(file);
        }
        catch (InvalidDataException e)
        {
            throw new VideoException($"'{path}' {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoException($"'{path}' can't be read: {e.Message}", e);
        }
    }

    private static bool IsGif(string path) => Path.GetExtension(path).Equals(Gif, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Image> Frames(VideoBatch clips, int clip) => ImageAnimation.Enlarged([clips.FramesOf(clip)]);

    private static void CheckRate(double framesPerSecond)
    {
        if (!(framesPerSecond is >= VideoDescription.LowestRate and <= VideoDescription.HighestRate))
            throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond,
                $"{VideoDescription.LowestRate} to {VideoDescription.HighestRate} frames per second are possible.");
    }
}
