using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Animation;
using GanOnnx.Inference;
using GanOnnx.Sets;
using GanOnnx.Video;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary>What <c>gan generate</c> does with a model that makes clips: all beside each other in a GIF or MP4 file, or a folder with one
/// GIF each.</summary>
internal static class ClipGeneration
{
    // All of a file's clips are in memory at the same time.
    private const long MostValues = 64_000_000;

    /// <param name="parsed">The call.</param>
    /// <param name="samples">Which clips.</param>
    /// <param name="label">Their classes, as asked for; null for any.</param>
    /// <param name="seeds">The seeds as asked for; null where numbers of one seed are asked for.</param>
    /// <param name="output">A .gif or .mp4 file, or a folder.</param>
    /// <param name="grid">How clips in one file are laid out.</param>
    /// <param name="json">Whether the result is told as JSON.</param>
    /// <param name="stop">Ends it.</param>
    public static int Run(ParseResult parsed, IReadOnlyList<Sample> samples, string? label, string? seeds, string output,
        ImageGridOptions grid, bool json, CancellationToken stop)
    {
        var isFile = VideoFile.IsVideoFile(output);
        CheckOutput(output, isFile);
        // ONNX Runtime prints to standard error what it also throws.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        using var generator = VideoGenerator.Load(ModelPath.Resolve(parsed.GetRequiredValue(Generation.Model)), new()
        {
            Device = parsed.GetValue(Generation.Device),
            BatchSize = parsed.GetValue(Generation.Batch),
            Called = FormatOptions.Called,
        }, stop);
        if (generator.Notice is { } notice)
            Console.Error.WriteLine(notice);
        var (model, length) = (generator.Model, (long)generator.Frames * generator.Channels * generator.Height * generator.Width);
        if (isFile && samples.Count > MostValues / length)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"{samples.Count:N0} clips of {generator.Frames} frames are too many for one file; ask for {MostValues / length:N0} or fewer, or give a folder for --out."));
        var labels = label is null ? [] : LabelList.Find(label, model, "--label");
        samples = [.. samples.Select((sample, i) => labels.Count == 0 ? sample : sample with { Label = labels[i % labels.Count] })];
        string[] files = [.. isFile ? [output] : samples.Select(sample => Path.Combine(output,
            $"{(seeds is null ? SetDescription.PictureOf(sample) : $"seed{sample.Seed:0000}")}.gif"))];
        using var writer = Signing.Open(parsed, model, parsed.GetValue(Generation.NoProvenance));
        var time = Stopwatch.StartNew();
        if (isFile)
            SaveOne(generator, samples, writer, output, grid, Generation.Origin(parsed, model, samples[0]) is { } first ? first with
            {
                Seeds = seeds ?? $"{samples[0].Seed}",
                Indices = seeds is null ? $"0-{samples.Count - 1}" : "0",
                Label = labels.Count > 0 ? string.Join(',', labels) : null,
            } : null, stop);
        else
            SaveAll(generator, samples, writer, files, sample => Generation.Origin(parsed, model, sample), stop);
        Results.Print(json, new
        {
            output,
            clips = samples.Count,
            model = model.Path,
            model.Sha256,
            generator.Provider,
            generator.Frames,
            generator.FramesPerSecond,
            seconds = time.Elapsed.TotalSeconds,
            files = isFile ? [new WrittenFile(output, [.. samples.Select(Described)])]
                : samples.Zip(files, (sample, file) => new WrittenFile(file, [Described(sample)])),
        }, string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(output)}: {samples.Count} clips of {generator.Frames} frames "
            + $"in {time.Elapsed.TotalSeconds:0.0} s ({generator.Provider})"));
        return ExitCode.Done;
    }

    private static void CheckOutput(string output, bool isFile)
    {
        if (string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; give a .gif or .mp4 file, or a folder's name.");
        if (isFile ? Directory.Exists(output) : File.Exists(output) || (Path.HasExtension(output) && !Directory.Exists(output)))
            throw new UsageException($"'{output}' is neither a .gif or .mp4 file nor a folder's name; clips are written to these.");
        if (VideoFile.IsMp4(output) && !VideoFile.CanWriteMp4)
            throw new UsageException("MP4 files are written by the program ffmpeg, which isn't installed here. Install it, or give a .gif file.");
        if (isFile)
            OutputPath.CheckFile(output);
        else
            OutputPath.CheckFolder(output);
    }

    private static void SaveOne(VideoGenerator generator, IReadOnlyList<Sample> samples, PictureWriter writer, string path,
        ImageGridOptions grid, Provenance? origin, CancellationToken stop)
    {
        float[] values = [.. Batches(generator, samples, stop).SelectMany(batch => batch.Values.ToArray())];
        var clips = new VideoBatch(values, samples.Count, generator.Frames, generator.Channels, generator.Height, generator.Width,
            generator.FramesPerSecond);
        writer.SaveAnimation(ClipAnimation.Grids(clips, grid), path, clips.FramesPerSecond, new() { Provenance = origin }, stop);
    }

    // Their names are ours, so one that is there is replaced only if it says that it is ours.
    private static void SaveAll(VideoGenerator generator, IReadOnlyList<Sample> samples, PictureWriter writer, string[] files,
        Func<Sample, Provenance?> origin, CancellationToken stop)
    {
        PictureFolder.CheckOurs(files);
        var done = 0;
        foreach (var batch in Batches(generator, samples, stop))
            for (var i = 0; i < batch.Count; i++, done++)
                writer.SaveAnimation(ImageAnimation.Enlarged([batch.FramesOf(i)]), files[done], batch.FramesPerSecond,
                    new() { Provenance = origin(samples[done]) }, stop);
    }

    private static IEnumerable<VideoBatch> Batches(VideoGenerator generator, IReadOnlyList<Sample> samples, CancellationToken stop)
    {
        var (progress, done) = (new ProgressLine("Generating", samples.Count), 0);
        foreach (var batch in generator.Stream(samples, stop))
        {
            yield return batch;
            progress.Report(done += batch.Count, "clips");
        }
        progress.Clear();
    }

    private static WrittenClip Described(Sample sample) => new(sample.Seed, sample.Index, sample.Label);

    private sealed record WrittenFile(string File, IReadOnlyList<WrittenClip> Clips);

    private sealed record WrittenClip(ulong Seed, ulong Index, int? Label);
}
