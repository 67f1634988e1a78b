using System.Globalization;
using System.IO.Compression;
using GanOnnx.Inference;
using GanOnnx.Prompts;
using GanOnnx.Training.Evaluation;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Whether a model of the pixel characters' captions obeys its prompts: hair, clothes and shoes of characters that aren't in the data, each
/// from another one's caption, as classifiers see them that were trained on the real pictures.
/// </summary>
internal static class TextBenchmark
{
    private const int Size = 64, Epochs = 6;

    // Columns of the table, and the place of its words in the caption: a …-skinned man with … hair, TOP, LEGS, FEET.
    private static readonly (string Column, int Part)[] _attributes = [("hair_colour", 0), ("top", 1), ("legs", 2), ("feet", 3)];

    /// <param name="model">The model.</param>
    /// <param name="data">The pictures with captions.csv, a zip.</param>
    /// <param name="folder">Where pictures by attribute and classifiers are kept; what is there isn't made again.</param>
    /// <param name="count">How many prompts.</param>
    public static void Run(string model, string data, string folder, int count)
    {
        using var archive = ZipFile.OpenRead(data);
        var characters = Characters(archive);
        var known = characters.Select(character => character["caption"]).ToHashSet();
        var usual = characters.Where(character => character["hat"].Length == 0 && character["hair_colour"].Length > 0 && Parts(character).Length == 4).ToArray();
        var random = new Random(1);
        var asked = Enumerable.Range(0, count * 2).Select(_ => _attributes.Select(_ => usual[random.Next(usual.Length)]).ToArray())
            .Select(from => (From: from, Prompt: $"{from[0]["caption"].Split(" with ")[0]} with "
                + string.Join(", ", _attributes.Select(attribute => Parts(from[attribute.Part])[attribute.Part]))))
            .Where(prompt => !known.Contains(prompt.Prompt)).Take(count).ToArray();
        Console.WriteLine($"{asked.Length} prompts, none of them in the data, as '{asked[0].Prompt}'");

        using var encoder = new MiniLmEncoder();
        using var generator = ImageGenerator.Load(model, new() { Device = Device.Cpu, TextEncoder = encoder });
        var images = generator.Stream(asked.Select((prompt, i) => new Sample((ulong)i) { Prompt = prompt.Prompt })).ToArray();
        foreach (var (column, part) in _attributes)
        {
            var classifier = Classifier(archive, characters, column, folder);
            var seen = Seen(classifier.File, images);
            var obeyed = asked.Select((prompt, i) => classifier.Classes[seen[i]] == prompt.From[part][column]).Count(same => same);
            var share = (double)obeyed / asked.Length;
            var error = 1.96 * Math.Sqrt(share * (1 - share) / asked.Length);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{column}: {share:0.000} ± {error:0.000} obeyed, of {classifier.Classes.Count}; of real pictures {classifier.Accuracy:0.000} are recognised"));
        }
    }

    private static string[] Parts(Dictionary<string, string> character) => character["caption"].Split(" with ", 2)[^1].Split(", ");

    private static Dictionary<string, string>[] Characters(ZipArchive archive)
    {
        using var text = new StreamReader(archive.GetEntry("captions.csv")!.Open());
        // Two shades are called by one word: brown and brown2 are brown in captions.
        var rows = Data.Csv.Read(text).ToArray();
        return [.. rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(field => field.First, field => field.Second.TrimEnd('2')))];
    }

    private static ClassifierResult Classifier(ZipArchive archive, Dictionary<string, string>[] characters, string column, string folder)
    {
        var (pictures, file) = (Path.Combine(folder, column), Path.Combine(folder, column + ".onnx"));
        if (!Directory.Exists(pictures))
        {
            var values = characters.ToDictionary(character => character["file"], character => character[column]);
            foreach (var entry in archive.Entries.Where(entry => values.TryGetValue(entry.Name, out var value) && value.Length > 0))
            {
                var place = Path.Combine(pictures, values[entry.Name], entry.FullName.Replace('/', '-'));
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                entry.ExtractToFile(place);
            }
        }
        return ClassifierTraining.Run(new() { Data = pictures, Size = Size, Channels = 3, Epochs = Epochs }, file);
    }

    private static int[] Seen(string classifier, ImageBatch[] images)
    {
        using var session = new InferenceSession(classifier);
        var (input, scores) = (session.InputNames[0], session.OutputNames[^1]);
        return [.. images.SelectMany(batch =>
        {
            using var value = OrtValue.CreateTensorValueFromMemory(batch.Values.ToArray(),
                [batch.Count, batch.Channels, batch.Height, batch.Width]);
            using var results = session.Run(new RunOptions(), [input], [value], [scores]);
            var found = results[0].GetTensorDataAsSpan<float>().ToArray();
            var classes = found.Length / batch.Count;
            return Enumerable.Range(0, batch.Count).Select(i => Enumerable.Range(0, classes).MaxBy(k => found[i * classes + k])).ToArray();
        })];
    }
}
