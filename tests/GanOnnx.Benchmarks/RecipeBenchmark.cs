using System.Globalization;
using System.Text.Json;
using GanOnnx.Evaluation;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Training;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Trains presets on data sets of several kinds, each for the same time or images, and tells how good they become. What is done is a .json
/// file and a picture in the folder and isn't done again, so the table fills over days; <c>runs</c> in it can go when nothing is under way.
/// </summary>
internal static class RecipeBenchmark
{
    private const int Judged = 2000, FewPictures = 300, TickKimg = 5, Shown = 16, Columns = 8;

    private const string Thousands = "kimg";

    // What gan train takes by itself.
    private const string Advised = "advised";

    private static readonly DataSet[] _sets =
    [
        new("fashion-mnist", "fashion-mnist", 32, 1, Split: "train"),
        new("lpc-characters", "lpc-characters/lpc-characters-train.zip", 64, 3),
        new("flowers-128", "flowers-128/flowers-128-train.zip", 64, 3),
        new("openmoji", "openmoji/openmoji-train.zip", 64, 3, Only: "color"),
        new("cifar10-jpg", "cifar10-jpg/cifar10-jpg.tar.gz", 32, 3, Split: "train"),
        new("300-sunflowers", "flowers-128/flowers-128-train.zip", 64, 3, Only: "sunflowers", Count: FewPictures),
    ];

    /// <param name="data">The folder with the data sets.</param>
    /// <param name="folder">Where the runs and what they came to are kept.</param>
    /// <param name="budget">How long each is trained: minutes of a core, or <c>75kimg</c> for so many thousand images.</param>
    /// <param name="sets">Names of the sets; <c>all</c> for all of them.</param>
    /// <param name="presets">Names of presets, or paths of files like theirs; <c>advised</c> for what the pictures suggest.</param>
    /// <param name="seeds">How many seeds each is trained with, from 1.</param>
    public static void Run(string data, string folder, string budget, string[] sets, string[] presets, int seeds)
    {
        var runs = Path.Combine(folder, "runs");
        Directory.CreateDirectory(runs);
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
            foreach (var set in _sets.Where(set => sets is ["all"] || sets.Contains(set.Name)))
                foreach (var preset in presets)
                {
                    var name = FormattableString.Invariant($"{set.Name}-{NameOf(preset)}-{budget}-{seed}");
                    if (!File.Exists(Path.Combine(folder, name + ".json")))
                        Fill(set, SourceOf(set, data, runs), preset, Path.Combine(runs, name), Path.Combine(folder, name), budget, seed);
                }
        Print(folder);
    }

    private static void Fill(DataSet set, string source, string preset, string run, string result, string budget, ulong seed)
    {
        TimeSpan? minutes = budget.EndsWith(Thousands, StringComparison.Ordinal) ? null
            : TimeSpan.FromMinutes(int.Parse(budget, CultureInfo.InvariantCulture));
        var options = (preset == Advised ? AdvisedFor(source, set) : OptionsOf(preset)) with
        {
            Precision = Bfloat16.SpeedUp > 1 ? "bf16" : "float32",
            Size = set.Size,
            Channels = set.Channels,
            Split = set.Split,
            TickKimg = TickKimg,
            SnapshotKimg = 0,
            Kimg = minutes is null ? int.Parse(budget[..^Thousands.Length], CultureInfo.InvariantCulture) : 100_000,
            Seed = seed,
        };
        var ticks = Trial.Train(new() { Data = source, Folder = run, Options = options }, minutes);
        if (ticks.Count == 0)
        {
            Console.WriteLine($"{run}: not one tick of {TickKimg} kimg in this time");
            return;
        }
        var exported = Trial.Export(run);
        var evaluation = ImageEvaluation.Run(new()
        {
            Subject = exported,
            Data = source,
            Split = set.Split,
            Count = Judged,
            Metrics = ["fd", "kid", "prdc", "variety", "copies"],
        }, run + ".html");
        var figures = evaluation.Figures.ToDictionary(f => f.Figure.Name, f => f.Figure.Value);
        using (var model = ImageGenerator.Load(exported))
        using (var grid = ImageGrid.Compose(model.Generate(Shown, 0), new() { Columns = Columns }))
            ImageFile.Save(grid, result + ".webp", new() { Quality = 85 });
        var told = ticks.FirstOrDefault(tick => tick.Warnings.Count > 0);
        File.WriteAllText(result + ".json", JsonSerializer.Serialize(new Result(set.Name, NameOf(preset), seed, minutes?.TotalMinutes,
            options.Precision, ticks[^1].Images, figures,
            told is null ? null : FormattableString.Invariant($"{told.Kimg}: {told.Warnings[0].Split(':')[0]}"))));
        Console.WriteLine($"{result}: {string.Join(", ", figures.Select(f => FormattableString.Invariant($"{f.Key} {f.Value:0.###}")))}");
    }

    private static string SourceOf(DataSet set, string data, string runs)
    {
        var source = Path.Combine(data, set.Path);
        if (set.Only is null)
            return source;
        var pictures = Path.Combine(runs, "data", set.Name);
        if (!Directory.Exists(pictures))
            PictureFolder.Write(source, pictures, set.Size, set.Count, [set.Only]);
        return Path.Combine(pictures, set.Only);
    }

    private static TrainingOptions AdvisedFor(string source, DataSet set)
    {
        var advice = Trainer.Advise(new() { Data = source, Folder = "", Options = new() { Split = set.Split } }, []);
        var begin = advice.Preset is { } preset ? OptionsOf(preset.Text) : new TrainingOptions();
        return begin.With(advice.Values);
    }

    private static string NameOf(string preset) => Path.GetFileNameWithoutExtension(preset);

    private static TrainingOptions OptionsOf(string preset)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "configs", preset + ".json");
        return TrainingOptions.FromJson(File.ReadAllText(File.Exists(shipped) ? shipped : preset));
    }

    private static void Print(string folder)
    {
        Console.WriteLine("| data | preset | seed | minutes | kimg | FD-ResNet18 | KID | recall | coverage | variety | in classes "
            + "| near-duplicates | copies | first warning | 16 images |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, result) in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileNameWithoutExtension(path), JsonSerializer.Deserialize<Result>(File.ReadAllText(path))!))
            .OrderBy(row => Array.FindIndex(_sets, set => set.Name == row.Item2.Set)))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {result.Set} | {result.Preset} | {result.Seed} | {result.Minutes:0} | {result.Images / 1000.0:0} | {result["fd", "0"]} ")
                + $"| {result["kid", "0.00"]} | {result["recall", "0.00"]} | {result["coverage", "0.00"]} | {result["variety", "0.00"]} "
                + $"| {result["variety in classes", "0.00"]} | {result["near-duplicates", "0.00"]} | {result["copies", "0.00"]} "
                + $"| {result.Warning ?? "none"} | ![{name}](measured/recipes/{name}.webp) |");
    }

    private sealed record DataSet(string Name, string Path, int Size, int Channels, string? Split = null, string? Only = null,
        int Count = int.MaxValue);

    private sealed record Result(string Set, string Preset, ulong Seed, double? Minutes, string Precision, long Images,
        IReadOnlyDictionary<string, double> Figures, string? Warning)
    {
        public string this[string figure, string format] =>
            Figures.TryGetValue(figure, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";
    }
}
