using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Inference;
using GanOnnx.Training;
using GanOnnx.Training.Tasks;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Benchmarks.Translation;

/// <summary>
/// pix2pix and CycleGAN beside the same recipe in Python's PyTorch (training/translation.py): the same networks, images and number of
/// steps; told on images that neither was trained on. What is done already stays in the folder.
/// </summary>
internal static class TranslationBenchmark
{
    private const int Size = 64, Channels = 3, HeldOut = 10, Shown = 8;

    private const string First = "translation-a", Second = "translation-b", AtoB = "AtoB", BtoA = "BtoA";

    /// <param name="preset"><c>pix2pix</c> or <c>cyclegan</c>.</param>
    /// <param name="data">A set with the two classes, as <c>facades-train.zip</c>.</param>
    /// <param name="classes">The class of the inputs and that of what they are to become.</param>
    /// <param name="folder">Where runs and results are kept.</param>
    /// <param name="kimg">How long each is trained, in thousands of images.</param>
    /// <param name="seeds">How many seeds each is trained with, from 1.</param>
    public static void Run(string preset, string data, string[] classes, string folder, int kimg, int seeds)
    {
        using var source = ImageSources.Open(data);
        Side[] sides = [.. classes.Select(name => new Side(source, name))];
        ImageSources.Register(First, _ => sides[0]);
        ImageSources.Register(Second, _ => sides[1]);
        var results = Path.Combine(folder, "results.jsonl");
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
            foreach (var ours in new[] { true, false })
            {
                var run = Path.Combine(folder, $"{(ours ? "ganonnx" : "pytorch")}-{seed}");
                if (File.Exists(run + ".json"))
                    continue;
                Directory.CreateDirectory(run);
                var time = Stopwatch.StartNew();
                var made = ours ? Ours(preset, kimg, seed, run, sides) : Theirs(preset, kimg, seed, run, sides);
                var figures = FiguresOf(made, sides);
                File.WriteAllText(run + ".json", JsonSerializer.Serialize(figures));
                Draw(run + ".png", made, sides);
                Console.Error.WriteLine(FormattableString.Invariant($"{run}: {time.Elapsed.TotalMinutes:0.0} min"));
            }
        Print(folder);
    }

    // What one way makes of held-out images, what comes back of that, and what it makes of images that are already as they shall be.
    private static Dictionary<string, byte[][]> Ours(string preset, int kimg, ulong seed, string run, Side[] sides)
    {
        var options = TrainingBenchmark.Preset(preset) with { Kimg = kimg, Seed = seed, SnapshotKimg = 0, Channels = Channels };
        Trial.Train(new TrainingRun { Data = $"{First}:", Target = $"{Second}:", Folder = run, Options = options });
        var directions = TrainingTasks.Of(options).Directions;
        var there = Translator(directions.Count == 0 ? null : AtoB);
        if (directions.Count == 0)
            return new() { [AtoB] = Through(there, sides[0].Held) };
        var back = Translator(BtoA);
        var (b, a) = (Through(there, sides[0].Held), Through(back, sides[1].Held));
        return new()
        {
            [AtoB] = b,
            [BtoA] = a,
            ["cycleA"] = Through(back, b),
            ["cycleB"] = Through(there, a),
            ["identityB"] = Through(there, sides[1].Held),
            ["identityA"] = Through(back, sides[0].Held),
        };

        ImageTranslator Translator(string? direction) =>
            ImageTranslator.Load(Trial.Export(run, direction), new() { Device = Inference.Device.Cpu });

        static byte[][] Through(ImageTranslator translator, byte[][] images) =>
        [
            .. images.Select(image => new ImageBatch([.. image.Select(value => value / 127.5f - 1)], 1, Channels, Size, Size))
                .Select(image => translator.Translate(image))
                .Select(made => made.Values.ToArray().Select(value => (byte)Math.Round((Math.Clamp(value, -1, 1) + 1) * 127.5)).ToArray()),
        ];
    }

    private static Dictionary<string, byte[][]> Theirs(string preset, int kimg, ulong seed, string run, Side[] sides)
    {
        foreach (var (side, name) in sides.Zip(["A", "B"]))
        {
            File.WriteAllBytes(Path.Combine(run, $"train{name}.u8"), [.. side.Trained.SelectMany(image => image)]);
            File.WriteAllBytes(Path.Combine(run, $"test{name}.u8"), [.. side.Held.SelectMany(image => image)]);
        }
        var steps = kimg * 1000 / TrainingBenchmark.Preset(preset).BatchSize;
        var start = new ProcessStartInfo("/usr/bin/python3");
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "training", "translation.py"),
            Environment.GetEnvironmentVariable("OMP_NUM_THREADS") ?? $"{Environment.ProcessorCount}", preset, $"{steps}", $"{seed}", run })
            start.ArgumentList.Add(argument);
        using var python = Process.Start(start)!;
        python.WaitForExit();
        if (python.ExitCode != 0)
            throw new InvalidOperationException($"translation.py ended with {python.ExitCode}.");
        string[] made = [AtoB, BtoA, "cycleA", "cycleB", "identityA", "identityB"];
        return made.Select(name => (name, Path: Path.Combine(run, name + ".u8"))).Where(file => File.Exists(file.Path))
            .ToDictionary(file => file.name, file => File.ReadAllBytes(file.Path).Chunk(Channels * Size * Size).ToArray());
    }

    private static Dictionary<string, double> FiguresOf(Dictionary<string, byte[][]> made, Side[] sides)
    {
        var figures = new Dictionary<string, double>();
        // A known answer: images of one number belong together.
        if (sides[0].Held.Length == sides[1].Held.Length)
            foreach (var (name, other) in new[] { (AtoB, sides[1]), (BtoA, sides[0]) })
                if (made.TryGetValue(name, out var images))
                {
                    figures[$"L1 {name}"] = Mean(images, other.Held, Similarity.L1, Plane.OfColours) / byte.MaxValue;
                    figures[$"PSNR {name}"] = Mean(images, other.Held, Similarity.Psnr, Plane.OfColours);
                    figures[$"SSIM {name}"] = Mean(images, other.Held, (x, y) => Similarity.Ssim(x, y, default)!.Value,
                        picture => Plane.OfLuma(picture, 0));
                }
        foreach (var (name, side) in new[] { ("cycleA", 0), ("cycleB", 1), ("identityA", 0), ("identityB", 1) })
            if (made.TryGetValue(name, out var images))
                figures[name] = Mean(images, sides[side].Held, Similarity.L1, Plane.OfColours) / byte.MaxValue;
        return figures;
    }

    private static double Mean(byte[][] images, byte[][] others, Func<Plane, Plane, double> figure, Func<Image<Rgb24>, Plane> plane) =>
        images.Zip(others, (image, other) =>
        {
            using var one = Picture(image);
            using var two = Picture(other);
            return figure(plane(one), plane(two));
        }).Average();

    // Rows of input, output and, where it is known, the right answer.
    private static void Draw(string path, Dictionary<string, byte[][]> made, Side[] sides)
    {
        List<byte[][]> columns = [sides[0].Held, made[AtoB], sides[1].Held];
        if (made.TryGetValue(BtoA, out var back))
            columns.Add(back);
        using var page = new Image<Rgb24>(columns.Count * Size, Shown * Size);
        for (var column = 0; column < columns.Count; column++)
            for (var row = 0; row < Math.Min(Shown, columns[column].Length); row++)
            {
                using var picture = Picture(columns[column][row]);
                for (var y = 0; y < Size; y++)
                    for (var x = 0; x < Size; x++)
                        page[column * Size + x, row * Size + y] = picture[x, y];
            }
        page.SaveAsPng(path);
    }

    private static Image<Rgb24> Picture(byte[] planes)
    {
        var image = new Image<Rgb24>(Size, Size);
        for (var i = 0; i < Size * Size; i++)
            image[i % Size, i / Size] = new Rgb24(planes[i], planes[Size * Size + i], planes[2 * Size * Size + i]);
        return image;
    }

    private static void Print(string folder)
    {
        var results = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path),
                Figures: JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(path))!)).ToArray();
        string[] names = [.. results.SelectMany(result => result.Figures.Keys).Distinct()];
        Console.WriteLine($"| run | {string.Join(" | ", names)} |");
        Console.WriteLine($"|---|{string.Concat(names.Select(_ => "---|"))}");
        foreach (var (name, figures) in results)
            Console.WriteLine($"| {name} | {string.Join(" | ", names.Select(figure =>
                figures.TryGetValue(figure, out var value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : ""))} |");
    }

    /// <summary>The images of a class, every tenth of them held out; as a data source those that are trained on.</summary>
    private sealed class Side : IImageSource
    {
        private readonly byte[][] _trained;

        public Side(IImageSource source, string name)
        {
            var label = source.Classes.ToList().IndexOf(name);
            if (label < 0)
                throw new ArgumentException($"'{name}' is no class of '{source.Name}'.");
            Name = name;
            int[] images = [.. Enumerable.Range(0, source.Count).Where(i => source.LabelOf(i) == label)];
            _trained = [.. images.Where((_, i) => i % HeldOut != 0).Select(image => source.Read(image, Size, Channels))];
            Trained = [.. _trained.Select(Planes)];
            Held = [.. images.Where((_, i) => i % HeldOut == 0).Select(image => Planes(source.Read(image, Size, Channels)))];
        }

        /// <summary><c>[C, H, W]</c> each.</summary>
        public byte[][] Trained { get; }

        public byte[][] Held { get; }

        public string Name { get; }

        public int Count => _trained.Length;

        public IReadOnlyList<string> Classes => [];

        int IImageSource.Channels => Channels;

        public string NameOf(int image) => $"{image}";

        public int LabelOf(int image) => -1;

        public byte[] Read(int image, int size, int channels) => _trained[image];

        public void Dispose()
        {
        }

        private static byte[] Planes(byte[] interleaved) =>
            [.. Enumerable.Range(0, Channels).SelectMany(c => Enumerable.Range(0, Size * Size).Select(i => interleaved[Channels * i + c]))];
    }
}
