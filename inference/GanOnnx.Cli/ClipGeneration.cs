using System.CommandLine;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Animation;
using GanOnnx.Inference;
using GanOnnx.Video;

namespace GanOnnx.Cli;

/// <summary>Clips: all beside each other in a GIF or MP4 file, or a GIF each.</summary>
/// <param name="parsed">The call.</param>
/// <param name="grid">How clips in one file are laid out.</param>
internal sealed class ClipGeneration(ParseResult parsed, ImageGridOptions grid)
    : MediaGeneration<VideoGenerator, VideoBatch>(parsed, "clips", ".gif")
{
    // All of a file's clips are in memory at the same time.
    private const long MostValues = 64_000_000;

    protected override bool IsFile(string path) => VideoFile.IsVideoFile(path);

    protected override void CheckOutput(string output, bool isFile, int count)
    {
        if (string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; give a .gif or .mp4 file, or a folder's name.");
        if (isFile ? Directory.Exists(output) : File.Exists(output) || (Path.HasExtension(output) && !Directory.Exists(output)))
            throw new UsageException($"'{output}' is neither a .gif or .mp4 file nor a folder's name; clips are written to these.");
        if (VideoFile.IsMp4(output) && !VideoFile.CanWriteMp4)
            throw new UsageException("MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or give a .gif file.");
    }

    protected override void CheckFits(VideoGenerator generator, int count)
    {
        if (count > MostValues / ValuesOf(generator))
            throw new UsageException($"{count:N0} clips of {generator.Frames} frames are too many for one file; ask for "
                + $"{MostValues / ValuesOf(generator):N0} or fewer, or give a folder for --out.");
    }

    protected override VideoGenerator Load(string path, MediaGeneratorOptions options, CancellationToken stop) =>
        VideoGenerator.Load(path, options, stop);

    protected override void SaveOne(VideoGenerator generator, IEnumerable<VideoBatch> batches, int count, string path, Provenance? origin,
        CancellationToken stop)
    {
        using var writer = NewWriter(generator);
        var clips = new VideoBatch(Gathered(batches.Select(batch => batch.Values.ToArray()), count * ValuesOf(generator)), count,
            generator.Frames, generator.Channels, generator.Height, generator.Width, generator.FramesPerSecond);
        writer.SaveAnimation(ClipAnimation.Grids(clips, grid), path, clips.FramesPerSecond, new() { Provenance = origin }, stop);
    }

    protected override void SaveEach(VideoGenerator generator, IEnumerable<(VideoBatch Made,
        (string Path, Provenance? Origin)[] Files)> batches, CancellationToken stop)
    {
        using var writer = NewWriter(generator);
        foreach (var (made, files) in batches)
            for (var i = 0; i < made.Count; i++)
                writer.SaveAnimation(ImageAnimation.Enlarged([made.FramesOf(i)]), files[i].Path, made.FramesPerSecond,
                    new() { Provenance = files[i].Origin }, stop);
    }

    protected override IEnumerable<(string Name, object Value)> Described(VideoGenerator generator) =>
        [("frames", generator.Frames), ("framesPerSecond", generator.FramesPerSecond)];

    protected override string Length(VideoGenerator generator) => $"{generator.Frames} frames";

    private static long ValuesOf(VideoGenerator generator) =>
        (long)generator.Frames * generator.Channels * generator.Height * generator.Width;

    private PictureWriter NewWriter(VideoGenerator generator) =>
        Signing.Open(Parsed, generator.Model, Parsed.GetValue(Generation.NoProvenance));
}
