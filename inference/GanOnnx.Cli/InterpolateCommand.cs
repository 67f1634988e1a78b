using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Trust;
using GanOnnx.Video;

namespace GanOnnx.Cli;

/// <summary><c>gan interpolate</c>: a walk from seed to seed, as an animation or a folder with a picture for each frame.</summary>
internal static class InterpolateCommand
{
    private const int FramesPerSeed = 24;
    private const double FramesPerSecond = 24;

    private static readonly Option<string> _out =
        new("--out") { Required = true, HelpName = "GIF|MP4|FOLDER", Description = "A .gif file, an .mp4 where ffmpeg is installed, or a folder for one .png file per frame." };
    private static readonly Option<string> _seeds =
        new("--seeds") { Required = true, HelpName = "SEED,…", Description = "The seeds to walk through, as 1,5,9 or 0-3." };
    private static readonly Option<int?> _frames =
        new("--frames") { Description = $"Frames of the whole walk. The default is {FramesPerSeed} for each seed." };
    private static readonly Option<double?> _fps =
        new("--fps")
        {
            Description = $"Frames per second of a .gif or .mp4 file, up to {ImageAnimation.HighestFramesPerSecond}. The default is "
        + $"{FramesPerSecond}."
        };
    private static readonly Option<bool> _noLoop =
        new("--no-loop") { Description = "End at the last seed, instead of leading back to the first and playing for ever." };
    private static readonly Option<string> _label =
        new("--label") { HelpName = "CLASS", Description = "The class, by name or number, of a conditional model." };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("interpolate", "walk from seed to seed, as a .gif", Run,
        "fashion-dcgan --seeds 1,5,9 --out walk.gif",
        "fashion-dcgan --seeds 0-3 --out walk.mp4",
        "fashion-dcgan --seeds 0-3 --frames 200 --no-loop --out frames/")
    {
        Generation.Model,
        { "The walk", [_seeds, _frames, _noLoop, _label, .. Generation.Asked] },
        { "Where to", [_out, _fps, ModelWatermark.Option, Generation.NoProvenance, .. Signing.Options, _json] },
        { "How", Generation.Device, Generation.Batch },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var seeds = SeedList.Parse(parsed.GetRequiredValue(_seeds));
        var frames = parsed.GetValue(_frames) ?? (int)Math.Min((long)FramesPerSeed * seeds.Count, int.MaxValue);
        var output = parsed.GetRequiredValue(_out);
        CheckWalk(seeds.Count, frames);
        CheckOutput(output, frames, parsed.GetValue(_fps));
        Signing.CheckFile(parsed, output);
        if (IsAnimation(output) && parsed.GetResult(ModelWatermark.Option) is not null)
            throw new UsageException($"{ModelWatermark.Option.Name} is for pictures: the 256 colours of a .gif file lose it, and so does an .mp4. Leave it out, "
                + "or give a folder for --out.");

        using var generator = Generation.Load(parsed, stop);
        var model = generator.Model;
        var label = parsed.GetValue(_label) is { } asked ? model.FindLabel(asked) : default(int?);
        if (model.IsConditional && label is null)
            throw new UsageException($"'{model.Path}' is conditional, and a walk keeps to one class: give it by name or number "
                + "with --label.");

        var walk = new LatentWalk(new LatentSampler(model.LatentSize, model.LatentDistribution), seeds, frames, !parsed.GetValue(_noLoop));
        var sample = Generation.Ask(parsed, model, new Sample(seeds[0], Label: label));
        var origin = Generation.Origin(parsed, model, sample);
        origin = origin is null ? null : origin with { Seeds = parsed.GetValue(_seeds) };
        using var writer = Signing.Open(parsed, model, parsed.GetValue(Generation.NoProvenance));
        var time = Stopwatch.StartNew();
        var batches = Generation.WithProgress(Batches(generator, walk, sample, stop), frames);
        if (IsAnimation(output))
            SaveAnimation(batches, writer, output, parsed.GetValue(_fps) ?? FramesPerSecond, walk, origin, stop);
        else
            SaveFiles(batches, writer, output, walk, origin);

        writer.TellUnreadable();
        Results.Print(parsed.GetValue(_json),
            new
            {
                output,
                frames,
                model = model.Path,
                model.Sha256,
                generator.Provider,
                seconds = time.Elapsed.TotalSeconds,
                seeds,
                files = IsAnimation(output) ? [output] : FramePaths(output, frames),
            },
            string.Create(CultureInfo.InvariantCulture,
                $"{PlainText.Of(output)}: {frames} frames in {time.Elapsed.TotalSeconds:0.0} s ({generator.Provider})"));
        return ExitCode.Done;
    }

    private static void CheckWalk(int seeds, int frames)
    {
        if (seeds < 2)
            throw new UsageException("--seeds names one seed; a walk needs two or more, as 1,5,9.");
        if (frames < seeds)
            throw new UsageException($"--frames {frames} is too few to pass {seeds} seeds; ask for {seeds} or more.");
    }

    private static void CheckOutput(string output, int frames, double? fps)
    {
        if (IsAnimation(output))
        {
            GeneratedFile.CheckOne(output);
            if (VideoFile.IsMp4(output) && !VideoFile.CanWriteMp4)
                throw new UsageException("MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or give a .gif file.");
            if (fps is { } rate && !(rate is >= ImageAnimation.LowestFramesPerSecond and <= ImageAnimation.HighestFramesPerSecond))
                throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                    $"--fps {rate} is not possible; an animation has {ImageAnimation.LowestFramesPerSecond} to "
                        + $"{ImageAnimation.HighestFramesPerSecond} frames per second."));
            return;
        }
        if (!Directory.Exists(output) && (Path.HasExtension(output) || File.Exists(output)))
            throw new UsageException($"'{output}' is neither a .gif or .mp4 file nor a folder's name.");
        if (fps is not null)
            throw new UsageException("--fps is for a .gif or .mp4 file; leave it out, or name one with --out.");
        OutputPath.CheckFolder(output);
        // What reads the folder takes every frame there is.
        if (Directory.Exists(output) && Directory.EnumerateFiles(output, "frame-*.png").Except(FramePaths(output, frames))
            .FirstOrDefault() is { } other)
            throw new UsageException($"'{other}' is of a longer walk than {frames} frames; empty its folder, or give another one.");
    }

    private static bool IsAnimation(string output) => VideoFile.IsVideoFile(output);

    private static IEnumerable<ImageBatch> Batches(ImageGenerator generator, LatentWalk walk, Sample sample, CancellationToken stop)
    {
        for (var first = 0; first < walk.Frames; first += generator.BatchSize)
        {
            var count = Math.Min(generator.BatchSize, walk.Frames - first);
            var latents = new float[count * generator.Model.LatentSize];
            walk.Fill(first, latents);
            yield return generator.FromLatents(latents, sample, stop);
        }
    }

    private static void SaveAnimation(IEnumerable<ImageBatch> batches, PictureWriter writer, string path, double fps, LatentWalk walk,
        Provenance? origin, CancellationToken stop) =>
        writer.SaveAnimation(ImageAnimation.Enlarged(batches), path, fps, new ImageAnimationOptions
        {
            Loop = walk.IsClosed,
            Provenance = origin is null ? null : origin with { Frames = Provenance.FramesOf(walk, $"0-{walk.Frames - 1}") },
        }, stop);

    private static void SaveFiles(IEnumerable<ImageBatch> batches, PictureWriter writer, string folder, LatentWalk walk, Provenance? origin)
    {
        var pictures = new PictureFolder(folder, FramePaths(folder, walk.Frames), writer);
        var frame = 0;
        using var paths = FramePaths(folder, walk.Frames).GetEnumerator();
        foreach (var batch in batches)
            for (var i = 0; i < batch.Count && paths.MoveNext(); i++, frame++)
            {
                using var image = batch.ToImage(i);
                pictures.Save(image, paths.Current, origin is null ? null : origin with { Frames = Provenance.FramesOf(walk, $"{frame}") });
            }
    }

    // Sorted by name they are in order, however many there are.
    private static IEnumerable<string> FramePaths(string folder, int frames)
    {
        var digits = Math.Max(4, $"{frames - 1}".Length);
        return Enumerable.Range(0, frames)
            .Select(frame => Path.Combine(folder, $"frame-{frame.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}.png"));
    }
}
