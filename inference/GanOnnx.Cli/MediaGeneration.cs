using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Sets;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary>What <c>gan generate</c> does with a model that makes sounds or clips: all of them in one file, or a folder with a file
/// each.</summary>
/// <typeparam name="TGenerator">What makes them.</typeparam>
/// <typeparam name="TBatch">Some of them.</typeparam>
/// <param name="parsed">The call.</param>
/// <param name="things">What they are called.</param>
/// <param name="extension">Of a file of one, as <c>.wav</c>.</param>
internal abstract class MediaGeneration<TGenerator, TBatch>(ParseResult parsed, string things, string extension)
    where TGenerator : MediaGenerator<TBatch>
{
    /// <summary>The call.</summary>
    protected ParseResult Parsed { get; } = parsed;

    /// <param name="samples">Which ones.</param>
    /// <param name="label">Their classes, as asked for; null for any.</param>
    /// <param name="seeds">The seeds as asked for; null where numbers of one seed are asked for.</param>
    /// <param name="output">A file or a folder.</param>
    /// <param name="json">Whether the result is told as JSON.</param>
    /// <param name="stop">Ends it.</param>
    public int Run(IReadOnlyList<Sample> samples, string? label, string? seeds, string output, bool json, CancellationToken stop)
    {
        var isFile = IsFile(output);
        CheckOutput(output, isFile, samples.Count);
        if (isFile)
            GeneratedFile.CheckOne(output);
        else
            OutputPath.CheckFolder(output);
        // ONNX Runtime prints to standard error what it also throws.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        using var generator = Load(ModelPath.Resolve(Parsed.GetRequiredValue(Generation.Model)), new()
        {
            Device = Parsed.GetValue(Generation.Device),
            BatchSize = Parsed.GetValue(Generation.Batch),
            Called = FormatOptions.Called,
        }, stop);
        if (generator.Notice is { } notice)
            Console.Error.WriteLine(notice);
        var model = generator.Model;
        if (isFile)
            CheckFits(generator, samples.Count);
        IReadOnlyList<int> labels = label is null ? [] : LabelList.Find(label, model, "--label");
        samples = [.. samples.Select((sample, i) => labels.Count == 0 ? sample : sample with { Label = labels[i % labels.Count] })];
        string[] files = [.. isFile ? [output] : samples.Select(sample => Path.Combine(output,
            (seeds is null ? SetDescription.PictureOf(sample) : $"seed{sample.Seed:0000}") + extension))];
        var time = Stopwatch.StartNew();
        var batches = Batches(generator, samples, stop);
        if (isFile)
            SaveOne(generator, batches, samples.Count, output, Generation.Origin(Parsed, model, samples[0]) is { } first ? first with
            {
                Seeds = seeds ?? $"{samples[0].Seed}",
                Indices = seeds is null ? $"0-{samples.Count - 1}" : "0",
                Label = labels.Count > 0 ? string.Join(',', labels) : null,
            } : null, stop);
        else
        {
            GeneratedFile.Check(files); // their names are ours, not the user's
            var origins = samples.Select(sample => Generation.Origin(Parsed, model, sample));
            SaveEach(generator, batches.Zip(files.Zip(origins).Chunk(generator.BatchSize)), stop);
        }
        var written = samples.Select(sample => new WrittenSample(sample.Seed, sample.Index, sample.Label)).ToArray();
        var result = new Dictionary<string, object?>
        {
            ["output"] = output,
            [things] = samples.Count,
            ["model"] = model.Path,
            ["sha256"] = model.Sha256,
            ["provider"] = generator.Provider,
        };
        foreach (var (name, value) in Described(generator))
            result[name] = value;
        result["seconds"] = time.Elapsed.TotalSeconds;
        result["files"] = isFile ? [WrittenFile(output, written)] : files.Zip(written, (file, sample) => WrittenFile(file, sample)).ToArray();
        Results.Print(json, result, string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(output)}: {samples.Count} {things} of {Length(generator)} in {time.Elapsed.TotalSeconds:0.0} s ({generator.Provider})"));
        return ExitCode.Done;
    }

    /// <summary>Whether a path is that of a file for all of them.</summary>
    protected abstract bool IsFile(string path);

    /// <summary>Checks where they go, before anything is loaded.</summary>
    /// <exception cref="UsageException">They can't go there.</exception>
    protected abstract void CheckOutput(string output, bool isFile, int count);

    /// <summary>Checks that one file takes all of them.</summary>
    /// <exception cref="UsageException">It doesn't.</exception>
    protected abstract void CheckFits(TGenerator generator, int count);

    /// <summary>Loads the model.</summary>
    protected abstract TGenerator Load(string path, MediaGeneratorOptions options, CancellationToken stop);

    /// <summary>Writes all of them to one file.</summary>
    protected abstract void SaveOne(TGenerator generator, IEnumerable<TBatch> batches, int count, string path, Provenance? origin,
        CancellationToken stop);

    /// <summary>Writes each to its file.</summary>
    protected abstract void SaveEach(TGenerator generator, IEnumerable<(TBatch Made, (string Path, Provenance? Origin)[] Files)> batches,
        CancellationToken stop);

    /// <summary>What else the result as JSON says of the model.</summary>
    protected abstract IEnumerable<(string Name, object Value)> Described(TGenerator generator);

    /// <summary>How long one is, in words.</summary>
    protected abstract string Length(TGenerator generator);

    /// <summary>The values of all of them.</summary>
    protected static float[] Gathered(IEnumerable<float[]> batches, long length)
    {
        var (values, done) = (new float[length], 0);
        foreach (var batch in batches)
        {
            batch.CopyTo(values.AsSpan(done));
            done += batch.Length;
        }
        return values;
    }

    private IEnumerable<TBatch> Batches(TGenerator generator, IReadOnlyList<Sample> samples, CancellationToken stop)
    {
        var (progress, done) = (new ProgressLine("Generating", samples.Count), 0);
        foreach (var batch in generator.Stream(samples, stop))
        {
            yield return batch;
            progress.Report(done = Math.Min(done + generator.BatchSize, samples.Count), things);
        }
        progress.Clear();
    }

    private Dictionary<string, object> WrittenFile(string path, params WrittenSample[] samples) => new() { ["file"] = path, [things] = samples };

    private sealed record WrittenSample(ulong Seed, ulong Index, int? Label);
}
