using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.Cli.Terminal;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;
using SixLabors.ImageSharp;

namespace GanOnnx.Cli;

/// <summary><c>gan generate</c>: a grid in one picture, or a folder with a picture for each image.</summary>
internal static class GenerateCommand
{
    private const int DefaultCount = 64, MostInGrid = 4096;
    private const long MostPixelsInGrid = 64_000_000;

    private static readonly string[] _gridExtensions = [".png", ".jpg", ".jpeg", ".webp"];

    private static readonly Argument<string> _model = new("MODEL") { Description = "An .onnx file, a folder with model.onnx, or a name under models/." };
    private static readonly Option<string> _out = new("--out") { Required = true, Description = "A .png, .jpg or .webp file for a grid, or a folder for one file per image." };
    private static readonly Option<int?> _count = new("--count") { Description = $"How many images. The default is {DefaultCount}." };
    private static readonly Option<ulong?> _seed = new("--seed") { Description = "The seed of the images. The default is 0." };
    private static readonly Option<string> _seeds = new("--seeds") { Description = "One image of each of these seeds, as 0,4-6." };
    private static readonly Option<string> _label = new("--label") { Description = "The class, by name or number, of a conditional model." };
    private static readonly Option<float?> _truncation = new("--truncation") { Description = "Truncation ψ, for models that have it." };
    private static readonly Option<int?> _batch = new("--batch") { Description = "Images per run of the model. The default suits the device." };
    private static readonly Option<Device> _device = DeviceOption.Create();
    private static readonly Option<bool> _noProvenance = new("--no-provenance") { Description = "Leave out the mark that the pictures are generated." };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Command Create()
    {
        var command = new Command("generate", "Generates images.")
        {
            _model, _out, _count, _seed, _seeds, _label, _truncation, _batch, _device, _noProvenance, _json,
        };
        command.SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var samples = Samples(parsed);
        var output = parsed.GetRequiredValue(_out);
        var path = ModelPath.Resolve(parsed.GetRequiredValue(_model));
        CheckOutput(output, samples.Count);

        // ONNX Runtime prints to standard error what it also throws, as that a machine has no CUDA; our notice says it once.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        using var generator = ImageGenerator.Load(path, new ImageGeneratorOptions { Device = parsed.GetValue(_device), BatchSize = parsed.GetValue(_batch) });
        if (generator.Notice is { } notice)
            Console.Error.WriteLine(notice);
        if (parsed.GetValue(_label) is { } label)
        {
            var index = generator.Model.FindLabel(label);
            samples = [.. samples.Select(s => s with { Label = index })];
        }

        if (IsGrid(output) && (long)samples.Count * generator.Model.Height * generator.Model.Width > MostPixelsInGrid)
            throw TooLargeForAGrid(samples.Count);

        var provenance = parsed.GetValue(_noProvenance) ? null : new Provenance
        {
            Model = ModelPath.NameOf(generator.Model.Path),
            ModelSha256 = generator.Model.Sha256,
        };
        var time = Stopwatch.StartNew();
        var batches = WithProgress(generator.Stream(samples, parsed.GetValue(_truncation), stop), samples.Count);
        if (IsGrid(output))
            SaveGrid(batches, samples, parsed.GetValue(_seeds), output, provenance);
        else
            SaveFiles(batches, samples, bySeed: parsed.GetValue(_seeds) is not null, output, provenance);

        Results.Print(parsed.GetValue(_json),
            new { output, images = samples.Count, model = generator.Model.Path, generator.Model.Sha256, generator.Provider, seconds = time.Elapsed.TotalSeconds },
            string.Create(CultureInfo.InvariantCulture, $"{output}: {samples.Count} images in {time.Elapsed.TotalSeconds:0.0} s ({generator.Provider})"));
        return ExitCode.Done;
    }

    private static IReadOnlyList<Sample> Samples(ParseResult parsed)
    {
        if (parsed.GetValue(_seeds) is { } seeds)
            return parsed.GetValue(_count) is null && parsed.GetValue(_seed) is null
                ? [.. SeedList.Parse(seeds).Select(seed => new Sample(seed))]
                : throw new UsageException("--seeds makes one image of each seed; leave out --count and --seed.");
        var count = parsed.GetValue(_count) ?? DefaultCount;
        return count > 0
            ? [.. Enumerable.Range(0, count).Select(i => new Sample(parsed.GetValue(_seed) ?? 0, (ulong)i))]
            : throw new UsageException($"--count {count} makes no image; ask for 1 or more.");
    }

    private static bool IsGrid(string output) => _gridExtensions.Contains(Path.GetExtension(output), StringComparer.OrdinalIgnoreCase);

    private static void CheckOutput(string output, int count)
    {
        if (!IsGrid(output) && !Directory.Exists(output) && (Path.HasExtension(output) || File.Exists(output)))
            throw new UsageException($"'{output}' is neither a .png, .jpg or .webp file nor a folder's name.");
        if (IsGrid(output) && count > MostInGrid)
            throw TooLargeForAGrid(count);
    }

    private static UsageException TooLargeForAGrid(int count) =>
        new($"{count:N0} images are too many for one picture; ask for fewer, or give a folder for --out.");

    private static IEnumerable<ImageBatch> WithProgress(IEnumerable<ImageBatch> batches, int total)
    {
        var progress = new ProgressLine("Generating", total);
        var done = 0;
        foreach (var batch in batches)
        {
            yield return batch;
            done += batch.Count;
            progress.Report(done, "images");
        }
        progress.Clear();
    }

    private static void SaveGrid(IEnumerable<ImageBatch> batches, IReadOnlyList<Sample> samples, string? seeds, string path, Provenance? provenance)
    {
        var images = new List<Image>(samples.Count);
        try
        {
            foreach (var batch in batches)
                for (var i = 0; i < batch.Count; i++)
                    images.Add(batch.ToImage(i));
            using var grid = ImageGrid.Compose(images);
            ImageFile.Save(grid, path, new ImageSaveOptions
            {
                Provenance = seeds is null
                    ? provenance?.Of($"{samples[0].Seed}", $"0-{samples.Count - 1}")
                    : provenance?.Of(seeds, "0"),
            });
        }
        finally
        {
            images.ForEach(image => image.Dispose());
        }
    }

    private static void SaveFiles(IEnumerable<ImageBatch> batches, IReadOnlyList<Sample> samples, bool bySeed, string folder, Provenance? provenance)
    {
        var done = 0;
        foreach (var batch in batches)
            for (var i = 0; i < batch.Count; i++, done++)
            {
                var (seed, index, _) = samples[done];
                using var image = batch.ToImage(i);
                var name = bySeed ? $"seed{seed:0000}.png" : $"seed{seed:0000}-{index:000000}.png";
                ImageFile.Save(image, Path.Combine(folder, name), new ImageSaveOptions
                {
                    Provenance = provenance?.Of($"{seed}", $"{index}"),
                });
            }
    }

    private static Provenance Of(this Provenance provenance, string seeds, string indices) => provenance with { Seeds = seeds, Indices = indices };
}
