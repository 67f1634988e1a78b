using System.CommandLine;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Sets;

namespace GanOnnx.Cli.Sets;

/// <summary>The part of <c>gan generate</c> that makes a large set, in numbered files with a manifest.</summary>
internal static class SetCommand
{
    private const int DefaultPerFile = 10_000;

    private static readonly Option<string> _format = new Option<string>("--format")
    {
        HelpName = "folder|zip|tar|parquet",
        Description = "Make a large set in the folder --out: numbered folders, archives, WebDataset tars, or tables as Hugging Face has them, and a manifest "
            + "that gan verify checks. A call again makes what is missing.",
    }.AcceptOnlyFromAmong(SetFormat.Names);
    private static readonly Option<string> _shard = new("--shard")
    {
        HelpName = "I/N|auto",
        Description = "Make every Nth file of the set from file I on, from 0: one process of N. auto: as MPI or Slurm say; auto/N: as Kubernetes says, of N.",
    };
    private static readonly Option<int> _perFile = new("--images-per-file")
    {
        DefaultValueFactory = _ => DefaultPerFile,
        Description = $"Images in a file of a set. The default is {DefaultPerFile.ToString("#,0", CultureInfo.InvariantCulture)}.",
    };
    private static readonly Option<string> _encoding = new Option<string>("--encoding")
    {
        HelpName = "png|jpg|webp",
        DefaultValueFactory = _ => "png",
        Description = "What the pictures of a set are. The default is png.",
    }.AcceptOnlyFromAmong(SetFormat.Encodings);

    public static IReadOnlyList<Option> Options { get; } = [_format, _shard, _perFile, _encoding];

    /// <summary>Whether a set is asked for.</summary>
    /// <exception cref="UsageException">An option of sets is there without <c>--format</c>.</exception>
    public static bool IsAsked(ParseResult parsed)
    {
        if (parsed.GetValue(_format) is not null)
            return true;
        if (Options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            throw new UsageException($"{other.Name} is for a large set; add --format, as --format tar.");
        return false;
    }

    /// <summary>Makes the set, or this process's share of it.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="seed">The set's seed.</param>
    /// <param name="count">How many images it has in all.</param>
    /// <param name="label">The classes that were asked for; null where none were.</param>
    /// <param name="asked">The option of the classes.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="json">Whether the result is printed as JSON.</param>
    /// <param name="stop">Ends it.</param>
    public static int Run(ParseResult parsed, ulong seed, long count, string? label, Option asked, string folder, bool json,
        CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(folder) || File.Exists(folder))
            throw new UsageException($"'{folder}' is no folder's name; a set needs one, with --out.");
        OutputPath.CheckFolder(folder);
        var shard = parsed.GetValue(_shard) is { } text ? Shard.Parse(text) : (Index: 0, Count: 1);
        using var generator = Generation.Load(parsed, stop);
        var model = generator.Model;
        var first = Generation.Ask(parsed, model, new Sample(seed));
        var set = new SetDescription
        {
            Model = Provenance.Of(model, first).Model!,
            ModelSha256 = model.Sha256,
            License = model.Metadata?.License,
            Seed = seed,
            Count = count,
            ImagesPerFile = parsed.GetValue(_perFile),
            Format = parsed.GetRequiredValue(_format),
            Encoding = parsed.GetRequiredValue(_encoding),
            // A set without its labels is of little use.
            Labels = label is not null ? LabelList.Find(label, model, asked.Name)
                : model.IsConditional ? LabelList.All(model, asked.Name) : null,
            Prompt = first.Prompt,
            Truncation = first.Truncation?.ToString(CultureInfo.InvariantCulture),
            TruncationCutoff = first.TruncationCutoff?.ToString(CultureInfo.InvariantCulture),
        };
        if (set.Fault() is { } fault)
            throw new UsageException($"There can't be a set with {fault}: 1 to {SetDescription.MostImages:N0} images, 1 to {SetDescription.MostPerFile:N0} in a "
                + $"file and at most {SetDescription.MostFiles:N0} files are possible.");
        using var writer = Signing.Open(parsed, model, parsed.GetValue(Generation.NoProvenance));
        var sets = new SetWriter(generator, set, folder, shard, (batch, i, sample, name) =>
        {
            using var image = batch.ToImage(i);
            return writer.Encode(image, name, Generation.Origin(parsed, model, sample));
        });
        var time = System.Diagnostics.Stopwatch.StartNew();
        var progress = new ProgressLine("Generating", Math.Max(1, sets.Share));
        sets.Write(done => progress.Report(done, "images"), stop);
        progress.Clear();

        var (made, kept) = sets.Done;
        Results.Print(json, new
        {
            folder,
            set,
            shard = $"{shard.Index}/{shard.Count}",
            filesMade = made,
            filesKept = kept,
            generator.Provider,
            seconds = time.Elapsed.TotalSeconds,
        }, string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(folder)}: {Files(made)} made")
            + (kept > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Files(kept)} {(kept == 1 ? "was" : "were")} there") : "")
            + (shard.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"; share {shard.Index} of {shard.Count} of {count:N0} images") : "")
            + string.Create(CultureInfo.InvariantCulture, $" in {time.Elapsed.TotalSeconds:0.0} s ({generator.Provider})"));
        return ExitCode.Done;
    }

    private static string Files(int count) => count == 1 ? "1 file" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} files");
}
