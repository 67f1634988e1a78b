using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.Audio;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Sets;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary>What <c>gan generate</c> does with a model that makes sounds: one after the other in a WAV file, or a folder with one
/// each.</summary>
internal static class SoundGeneration
{
    // One file holds a quarter of an hour at most, at a second each.
    private const int MostInFile = 1000;

    /// <param name="parsed">The call.</param>
    /// <param name="samples">Which sounds.</param>
    /// <param name="label">Their classes, as asked for; null for any.</param>
    /// <param name="seeds">The seeds as asked for; null where numbers of one seed are asked for.</param>
    /// <param name="output">A .wav file or a folder.</param>
    /// <param name="json">Whether the result is told as JSON.</param>
    /// <param name="stop">Ends it.</param>
    public static int Run(ParseResult parsed, IReadOnlyList<Sample> samples, string? label, string? seeds, string output, bool json,
        CancellationToken stop)
    {
        var isFile = Path.GetExtension(output).Equals(SoundFile.Extension, StringComparison.OrdinalIgnoreCase);
        if (isFile && samples.Count > MostInFile)
            throw new UsageException($"{samples.Count:N0} sounds are too many for one file; ask for {MostInFile:N0} or fewer, or give a folder for --out.");
        if (string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; give a .wav file, or a folder's name.");
        if (isFile ? Directory.Exists(output) : File.Exists(output))
            throw new UsageException($"'{output}' is neither a .wav file nor a folder's name.");
        if (isFile)
            OutputPath.CheckFile(output);
        else
            OutputPath.CheckFolder(output);
        // ONNX Runtime prints to standard error what it also throws.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        using var generator = SoundGenerator.Load(ModelPath.Resolve(parsed.GetRequiredValue(Generation.Model)), new()
        {
            Device = parsed.GetValue(Generation.Device),
            BatchSize = parsed.GetValue(Generation.Batch),
            Called = FormatOptions.Called,
        }, stop);
        if (generator.Notice is { } notice)
            Console.Error.WriteLine(notice);
        IReadOnlyList<int> labels = label is null ? [] : LabelList.Find(label, generator.Model, "--label");
        samples = [.. samples.Select((sample, i) => labels.Count == 0 ? sample : sample with { Label = labels[i % labels.Count] })];
        const int BytesPerValue = sizeof(short);
        var bytes = SoundFile.JoinedLength(samples.Count, generator.Samples, generator.Rate) * generator.Channels * BytesPerValue;
        if (isFile && bytes > SoundFile.LargestFile / 2)
            throw new UsageException($"{samples.Count:N0} sounds of {generator.Samples:N0} values are too many for one file; ask for fewer, or give a folder for --out.");
        var time = Stopwatch.StartNew();
        string[] files = [.. isFile ? [output] : samples.Select(sample => Path.Combine(output, $"{NameOf(sample, seeds is not null)}.wav"))];
        var first = Generation.Origin(parsed, generator.Model, samples[0]);
        if (isFile)
            SaveOne(generator, samples, output, first is null ? null : first with
            {
                Seeds = seeds ?? $"{samples[0].Seed}",
                Indices = seeds is null ? $"0-{samples.Count - 1}" : "0",
                Label = labels.Count > 0 ? string.Join(',', labels) : null,
            }, stop);
        else
            SaveAll(generator, samples, files, sample => Generation.Origin(parsed, generator.Model, sample), stop);
        Results.Print(json, new
        {
            output,
            sounds = samples.Count,
            model = generator.Model.Path,
            generator.Model.Sha256,
            generator.Provider,
            generator.Rate,
            seconds = time.Elapsed.TotalSeconds,
            files = isFile ? [new WrittenFile(output, [.. samples.Select(Described)])]
                : samples.Zip(files, (sample, file) => new WrittenFile(file, [Described(sample)])),
        }, string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(output)}: {samples.Count} sounds of {generator.Samples / (double)generator.Rate:0.00} s "
            + $"in {time.Elapsed.TotalSeconds:0.0} s ({generator.Provider})"));
        return ExitCode.Done;
    }

    private static void SaveOne(SoundGenerator generator, IReadOnlyList<Sample> samples, string path, Provenance? origin,
        CancellationToken stop) =>
        SoundFile.Save(SoundFile.Join(All(generator, samples, stop)), 0, path, origin);

    private static SoundBatch All(SoundGenerator generator, IReadOnlyList<Sample> samples, CancellationToken stop)
    {
        var (values, length) = (new float[samples.Count * generator.Channels * generator.Samples], 0);
        foreach (var batch in Batches(generator, samples, stop))
        {
            batch.Values.CopyTo(values.AsSpan(length));
            length += batch.Values.Length;
        }
        return new(values, samples.Count, generator.Channels, generator.Samples, generator.Rate);
    }

    // Their names are ours, so one that is there is replaced only if it says that it is ours.
    private static void SaveAll(SoundGenerator generator, IReadOnlyList<Sample> samples, string[] files, Func<Sample, Provenance?> origin,
        CancellationToken stop)
    {
        if (files.FirstOrDefault(path => (File.Exists(path) || Directory.Exists(path)) && !IsOurs(path)) is { } other)
            throw new UsageException($"'{other}' is there and doesn't say that gan made it, so it isn't replaced. Move it away, or give "
                + "another folder.");
        var done = 0;
        foreach (var batch in Batches(generator, samples, stop))
            for (var i = 0; i < batch.Count; i++, done++)
                SoundFile.Save(batch, i, files[done], origin(samples[done]));
    }

    private static bool IsOurs(string path)
    {
        try
        {
            return SoundFile.ReadProvenance(path)?.CreatorTool?.StartsWith("GanOnnx ", StringComparison.Ordinal) == true;
        }
        catch (SoundException)
        {
            return false;
        }
    }

    private static IEnumerable<SoundBatch> Batches(SoundGenerator generator, IReadOnlyList<Sample> samples, CancellationToken stop)
    {
        var (progress, done) = (new ProgressLine("Generating", samples.Count), 0);
        foreach (var batch in generator.Stream(samples, stop))
        {
            yield return batch;
            progress.Report(done += batch.Count, "sounds");
        }
        progress.Clear();
    }

    private static string NameOf(Sample sample, bool bySeed) => bySeed ? $"seed{sample.Seed:0000}" : SetDescription.PictureOf(sample);

    private static WrittenSound Described(Sample sample) => new(sample.Seed, sample.Index, sample.Label);

    private sealed record WrittenFile(string File, IReadOnlyList<WrittenSound> Sounds);

    private sealed record WrittenSound(ulong Seed, ulong Index, int? Label);
}
