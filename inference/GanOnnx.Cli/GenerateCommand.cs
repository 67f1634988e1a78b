using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.Audio;
using GanOnnx.Cli.Sets;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Metadata;
using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using GanOnnx.Sets;
using GanOnnx.Trust;
using GanOnnx.Video;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Cli;

/// <summary><c>gan generate</c>: a grid in one picture, or a folder with a picture for each image.</summary>
internal static class GenerateCommand
{
    private const int DefaultCount = 64, MostInGrid = 4096, MostMixes = 1_000_000, MostCount = 100_000_000;
    private const int LargestScale = 64;
    private const long MostPixelsInGrid = 64_000_000;

    private static readonly string[] _gridExtensions = [".png", ".jpg", ".jpeg", ".webp"];

    private static readonly Option<string> _out =
        new("--out")
        {
            Required = true,
            HelpName = "GRID|FOLDER",
            Description = "A .png, .jpg or .webp file for a grid, or a folder for one file per image. Of a model that makes sounds, a .wav file for "
                + "one after the other, or a folder; of one that makes clips, a .gif or .mp4 file for all beside each other, or a folder."
        };
    private static readonly Option<long?> _count = new("--count") { Description = $"How many images. The default is {DefaultCount}." };
    private static readonly Option<ulong?> _seed = new("--seed") { Description = "The seed of the images. The default is 0." };
    private static readonly Option<string> _seeds =
        new("--seeds") { HelpName = "SEED,…", Description = "One image of each of these seeds, as 0,4-6." };
    private static readonly Option<string> _label = new("--label")
    {
        HelpName = "CLASS,…|all",
        Description = "The class of a conditional model, by name or number. Of several, or all, the images get one after the other, and "
            + "a grid gets a column for each.",
    };
    private static readonly Option<string> _prompts = new("--prompts")
    {
        HelpName = "FILE",
        Description = "A text with a prompt on each line: the images get them one after the other, and a grid gets a column for each.",
    };
    private static readonly Option<string> _styleMix = new("--style-mix")
    {
        HelpName = "SEEDS:LAYER",
        Description = "From this layer on (0 is the coarsest), the style of these seeds' image 0, as 7:3 or 7-10:3. A grid becomes a "
            + "table: on the left the "
            + "images themselves, on top those whose styles they take.",
    };
    private static readonly Option<int?> _columns =
        new("--columns") { Description = "Images in a row of a grid. The default makes it as square as possible." };
    private static readonly Option<int?> _scale = new("--scale")
    {
        Description = "How many times each pixel of a grid is repeated, across and down. By default small images grow to 64 pixels.",
    };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("generate", "make images with a model", Run,
        "fashion-dcgan --count 64 --out garments.png",
        "fashion-cgan --label all --count 80 --out classes.png",
        "characters-text --prompt \"a woman with blue hair and a black robe\" --seeds 0-7 --out women.png",
        "digits-spoken --label 7 --seeds 0-3 --out seven.wav",
        "digits-moving --label all --count 10 --out digits.gif",
        "fashion-dcgan --seeds 0-9 --columns 5 --scale 4 --out row.png",
        "fashion-stylegan2 --seeds 0-7 --style-mix 100-107:3 --out mix.png",
        "mine.onnx --seeds 0,4-6 --out pictures/",
        "fashion-cgan --count 1000000 --format tar --out set/ --shard 0/4")
    {
        Generation.Model,
        { "Which images", [_count, _seed, _seeds, _label, _prompts, .. Generation.Asked, _styleMix] },
        { "Where to", [_out, _columns, _scale, ModelWatermark.Option, Generation.NoProvenance, .. Signing.Options, _json] },
        { "A large set", SetCommand.Options },
        { "How", Generation.Device, Generation.Batch },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        if (SetCommand.IsAsked(parsed))
            return RunSet(parsed, stop);
        var samples = Samples(parsed);
        var prompts = Prompts(parsed);
        var mixes = parsed.GetValue(_styleMix) is { } text ? StyleMixes.Parse(text) : [];
        var output = parsed.GetRequiredValue(_out);
        var made = Made(parsed.GetRequiredValue(Generation.Model), output, stop);
        if (made is ModelTask.Sound)
            return RunSounds(parsed, samples, output, stop);
        if (made is ModelTask.Video)
            return RunClips(parsed, samples, output, stop);
        var (columns, scale) = (parsed.GetValue(_columns), parsed.GetValue(_scale));
        CheckOutput(output, samples.Count, mixes.Count);
        CheckLayout(output, columns, scale, isTable: mixes.Count > 0);

        using var generator = LoadImages(parsed, stop);
        var model = generator.Model;
        var labels = parsed.GetValue(_label) is { } asked ? LabelList.Find(asked, model, _label.Name) : [];
        samples = [.. samples.Select((sample, i) => Generation.Ask(parsed, model, labels.Count == 0 ? sample
            : sample with { Label = labels[i % labels.Count] }))];
        prompts = [.. prompts.Take(samples.Count)]; // of many, the others aren't asked for
        if (prompts.Count > 0)
            samples = [.. samples.Select((sample, i) => sample with { Prompt = prompts[i % prompts.Count] })];
        var count = GridPlan.CountOf(samples.Count, mixes.Count);
        if (IsGrid(output) && count * model.Height * model.Width * (scale ?? 1L) > MostPixelsInGrid / (scale ?? 1L))
            throw TooLargeForAGrid(count);

        var kinds = Math.Max(labels.Count, prompts.Count);
        var grid = IsGrid(output) ? new GridPlan(samples, mixes, columns ?? (kinds > 1 ? kinds : null), scale) : null;
        var chosen = grid?.Samples ?? (mixes.Count > 0 ? [.. samples.SelectMany(sample => StyleMixes.Mix(sample, mixes))] : samples);
        var origin = Generation.Origin(parsed, model, samples[0]);
        var bySeed = parsed.GetValue(_seeds) is not null;
        using var writer = Signing.Open(parsed, model, parsed.GetValue(Generation.NoProvenance));
        var time = Stopwatch.StartNew();
        var batches = Generation.WithProgress(generator.Stream(chosen, cancellation: stop), chosen.Count);
        if (grid is not null)
            SaveGrid(batches, grid, writer, output, origin is null ? null : origin with
            {
                Seeds = parsed.GetValue(_seeds) ?? Text(samples[0].Seed),
                Indices = parsed.GetValue(_seeds) is null ? $"0-{samples.Count - 1}" : "0",
                Prompt = prompts.Count > 1 ? PromptList.Write(prompts) : origin.Prompt,
                Label = labels.Count > 0 ? string.Join(',', labels) : null,
                StyleMix = parsed.GetValue(_styleMix),
            });
        else
            SaveFiles(batches, chosen, bySeed, writer, output, sample => Generation.Origin(parsed, model, sample));

        writer.TellUnreadable();
        Results.Print(parsed.GetValue(_json),
            new
            {
                output,
                images = chosen.Count,
                model = model.Path,
                model.Sha256,
                generator.Provider,
                seconds = time.Elapsed.TotalSeconds,
                files = grid is not null
                    ? [new WrittenFile(output, [.. grid.Places.Select(Described)])]
                    : chosen.Select(sample => new WrittenFile(PathOf(sample, bySeed, output), [Described(sample)])),
            },
            string.Create(CultureInfo.InvariantCulture,
                $"{PlainText.Of(output)}: {chosen.Count} images in {time.Elapsed.TotalSeconds:0.0} s ({generator.Provider})"));
        return ExitCode.Done;
    }

    private static int RunSet(ParseResult parsed, CancellationToken stop)
    {
        foreach (var option in new Option[] { _seeds, _prompts, _styleMix, _columns, _scale })
            if (parsed.GetResult(option) is not null)
                throw new UsageException($"{option.Name} can't be chosen with --format: image i of a set is that of --seed and number i, and all have one prompt.");
        if (parsed.GetResult(ModelWatermark.Option) is not null)
            throw new UsageException($"{ModelWatermark.Option.Name} can't be chosen with --format: what a manifest names are images as the "
                + "model makes them.");
        return SetCommand.Run(parsed, parsed.GetValue(_seed) ?? 0, parsed.GetValue(_count) ?? DefaultCount, parsed.GetValue(_label), _label,
            parsed.GetRequiredValue(_out), parsed.GetValue(_json), stop);
    }

    // What is wanted: by the file's ending, else by what the model makes.
    private static ModelTask Made(string model, string output, CancellationToken stop)
    {
        if (SoundFile.IsSoundFile(output))
            return ModelTask.Sound;
        if (VideoFile.IsVideoFile(output))
            return ModelTask.Video;
        return Path.HasExtension(output) && !Directory.Exists(output) ? ModelTask.Generate : TaskOf(model, stop);
    }

    // A model that can't be read is told of when it is loaded.
    private static ModelTask TaskOf(string model, CancellationToken stop)
    {
        try
        {
            var content = ModelContent.Read(ModelFile.Find(ModelPath.Resolve(model)), stop);
            return ModelMetadata.FromProperties(content.Metadata)?.Task ?? ModelTask.Generate;
        }
        catch (ModelException)
        {
            return ModelTask.Generate;
        }
    }

    private static ImageGenerator LoadImages(ParseResult parsed, CancellationToken stop)
    {
        try
        {
            return Generation.Load(parsed, stop);
        }
        catch (ModelException) when (TaskOf(parsed.GetRequiredValue(Generation.Model), stop) is ModelTask.Sound or ModelTask.Video)
        {
            var isSound = TaskOf(parsed.GetRequiredValue(Generation.Model), stop) is ModelTask.Sound;
            throw new UsageException($"'{parsed.GetRequiredValue(Generation.Model)}' makes {(isSound ? "sounds" : "clips")}; give {(isSound ? "a .wav" : "a .gif or .mp4")} "
                + "file or a folder for --out.");
        }
    }

    private static int RunClips(ParseResult parsed, IReadOnlyList<Sample> samples, string output, CancellationToken stop)
    {
        var isFile = VideoFile.IsVideoFile(output);
        var (columns, scale) = (parsed.GetValue(_columns), parsed.GetValue(_scale));
        Option[] ofPictures = [_prompts, .. Generation.Asked, _styleMix, ModelWatermark.Option, .. isFile ? Array.Empty<Option>()
            : [_columns, _scale], .. FormatOptions.All];
        if (ofPictures.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            throw new UsageException(other == _columns || other == _scale ? $"{other.Name} is for a grid; leave it out, or name a .gif or .mp4 file with --out."
                : $"{other.Name} is for pictures, not for clips; leave it out, or choose a model that makes pictures.");
        Signing.CheckFile(parsed, output);
        CheckRange(columns, scale);
        return new ClipGeneration(parsed, new ImageGridOptions { Columns = columns, Scale = scale })
            .Run(samples, parsed.GetValue(_label), parsed.GetValue(_seeds), output, parsed.GetValue(_json), stop);
    }

    private static int RunSounds(ParseResult parsed, IReadOnlyList<Sample> samples, string output, CancellationToken stop)
    {
        Option[] ofPictures = [_prompts, .. Generation.Asked, _styleMix, _columns, _scale, ModelWatermark.Option, .. FormatOptions.All];
        if (ofPictures.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            throw new UsageException($"{other.Name} is for pictures; leave it out, or choose a model that makes some.");
        return new SoundGeneration(parsed).Run(samples, parsed.GetValue(_label), parsed.GetValue(_seeds), output, parsed.GetValue(_json),
            stop);
    }

    private static IReadOnlyList<Sample> Samples(ParseResult parsed)
    {
        if (parsed.GetValue(_seeds) is { } seeds)
            return parsed.GetValue(_count) is null && parsed.GetValue(_seed) is null
                ? [.. Seeds(seeds, parsed.GetRequiredValue(_out)).Select(seed => new Sample(seed))]
                : throw new UsageException("--seeds makes one image of each seed; leave out --count and --seed.");
        var count = parsed.GetValue(_count) ?? DefaultCount;
        if (count > MostCount)
            throw new UsageException($"--count {count} is too many for one call; make a large set with --format.");
        return count > 0
            ? [.. Enumerable.Range(0, (int)count).Select(i => new Sample(parsed.GetValue(_seed) ?? 0, (ulong)i))]
            : throw new UsageException($"--count {count} makes no image; ask for 1 or more.");
    }

    // A folder has one file of each.
    private static IReadOnlyList<ulong> Seeds(string text, string output)
    {
        var seeds = SeedList.Parse(text);
        return IsGrid(output) || SoundFile.IsSoundFile(output) || VideoFile.IsVideoFile(output) || seeds.Distinct().Count() == seeds.Count ? seeds
            : throw new UsageException($"--seeds has seed {seeds.GroupBy(seed => seed).First(same => same.Count() > 1).Key} twice, and a folder takes one "
                + "image of each seed.");
    }

    private static IReadOnlyList<string> Prompts(ParseResult parsed) => parsed.GetValue(_prompts) is not { } file ? []
        : parsed.GetValue(Generation.Prompt) is null ? PromptList.OfFile(file)
        : throw new UsageException("--prompts has prompts for all images; leave out --prompt.");

    private static bool IsGrid(string output) => _gridExtensions.Contains(Path.GetExtension(output), StringComparer.OrdinalIgnoreCase);

    private static void CheckOutput(string output, int samples, int mixes)
    {
        if (string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; give a .png, .jpg or .webp file, or a folder's name.");
        if (!IsGrid(output) && !Directory.Exists(output) && (Path.HasExtension(output) || File.Exists(output)))
            throw new UsageException($"'{output}' is neither a .png, .jpg or .webp file nor a folder's name; sounds are "
                + "written to .wav files, clips to .gif or .mp4.");
        var count = GridPlan.CountOf(samples, mixes);
        if (IsGrid(output) && count > MostInGrid)
            throw TooLargeForAGrid(count);
        if (count > MostMixes && mixes > 0)
            throw new UsageException($"{samples:N0} images with the styles of {mixes:N0} are too many; ask for fewer at a time.");
        if (IsGrid(output))
            GeneratedFile.CheckOne(output);
        else
            OutputPath.CheckFolder(output);
    }

    private static void CheckLayout(string output, int? columns, int? scale, bool isTable)
    {
        foreach (var (option, value) in new[] { ("--columns", columns), ("--scale", scale) })
        {
            if (value is not null && !IsGrid(output))
                throw new UsageException($"{option} is for a grid; leave it out, or name a .png, .jpg or .webp file with --out.");
        }
        CheckRange(columns, scale);
        if (columns is not null && isTable)
            throw new UsageException("--columns can't be chosen with --style-mix: a table has a column for each style.");
    }

    private static void CheckRange(int? columns, int? scale)
    {
        foreach (var (option, value, most) in new[] { ("--columns", columns, MostInGrid), ("--scale", scale, LargestScale) })
            if (value < 1 || value > most)
                throw new UsageException($"{option} {value} is out of range; 1 to {most} is expected.");
    }

    private static UsageException TooLargeForAGrid(long count) =>
        new($"{count:N0} images are too many for one picture; ask for fewer, or give a folder for --out.");

    private static void SaveGrid(IEnumerable<ImageBatch> batches, GridPlan plan, PictureWriter writer, string path, Provenance? provenance)
    {
        if (provenance is not null)
            ProvenanceXmp.ToProfile(provenance); // too long a one is told before the images are made
        var images = new List<Image>(plan.Samples.Count + 1);
        try
        {
            foreach (var batch in batches)
                for (var i = 0; i < batch.Count; i++)
                    images.Add(batch.ToImage(i));
            if (plan.IsTable)
                images.Insert(0, new Image<L8>(images[0].Width, images[0].Height, new L8(byte.MaxValue)));
            using var grid = ImageGrid.Compose(images, new ImageGridOptions { Columns = plan.Columns, Scale = plan.Scale });
            writer.Save(grid, path, provenance);
        }
        finally
        {
            images.ForEach(image => image.Dispose());
        }
    }

    private static void SaveFiles(IEnumerable<ImageBatch> batches, IReadOnlyList<Sample> samples, bool bySeed, PictureWriter writer,
        string folder, Func<Sample, Provenance?> origin)
    {
        string PathOf(Sample sample) => Path.Combine(folder, $"{NameOf(sample, bySeed)}.png");
        var pictures = new PictureFolder(folder, samples.Select(PathOf), writer);
        var done = 0;
        foreach (var batch in batches)
            for (var i = 0; i < batch.Count; i++, done++)
            {
                var sample = samples[done];
                using var image = batch.ToImage(i);
                pictures.Save(image, PathOf(sample), origin(sample));
            }
    }

    private static string PathOf(Sample sample, bool bySeed, string folder) => Path.Combine(folder, $"{NameOf(sample, bySeed)}.png");

    private static string NameOf(Sample sample, bool bySeed)
    {
        var name = bySeed ? $"seed{sample.Seed:0000}" : SetDescription.PictureOf(sample);
        return sample.StyleMix is var (seed, layer, _) ? $"{name}-mix{seed:0000}-{layer}" : name;
    }

    private static WrittenImage? Described(Sample? sample) => sample is not { } image ? null
        : new(image.Seed, image.Index, image.Label, image.Prompt,
            image.StyleMix is var (seed, layer, index) ? new(seed, index, layer) : null);

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A file for JSON, with its images row by row; null is an empty place.</summary>
    private sealed record WrittenFile(string File, IReadOnlyList<WrittenImage?> Images);

    private sealed record WrittenImage(ulong Seed, ulong Index, int? Label, string? Prompt, WrittenStyle? StyleMix);

    private sealed record WrittenStyle(ulong Seed, ulong Index, int Layer);
}
