using System.Globalization;
using System.IO.Compression;
using GanOnnx.Inference;
using GanOnnx.Prompts;
using GanOnnx.Training.Evaluation;
using Microsoft.ML.OnnxRuntime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Character = System.Collections.Generic.Dictionary<string, string>;

namespace GanOnnx.Benchmarks;

/// <summary>
/// Whether a model of the pixel characters' captions obeys its prompts: hair, clothes, shoes and hats of characters that aren't in the
/// data, each from another one's caption, as classifiers see them that were trained on real pictures; and where the asked caption stands
/// among a hundred. The same of real pictures, of characters that the classifiers don't know, tells what can be reached.
/// </summary>
internal static class TextBenchmark
{
    private const int Size = 64, Epochs = 12, Unknown = 200, Captions = 100, OneInHats = 4;

    // What the table calls them, and when they can be seen: a robe hides what is under it.
    private static readonly Attribute[] _attributes =
    [
        new("hair_colour", character => character["hair_colour"].Length > 0),
        new("top", _ => true),
        new("legs", character => !character["top"].EndsWith(" robe", StringComparison.Ordinal)),
        new("feet", _ => true),
        new("hat", character => character["hat"].Length > 0),
    ];

    /// <param name="model">The model.</param>
    /// <param name="data">The pictures with captions.csv, a zip.</param>
    /// <param name="folder">Where pictures by attribute and classifiers are kept; what is there isn't made again.</param>
    /// <param name="count">How many prompts.</param>
    public static void Run(string model, string data, string folder, int count)
    {
        using var archive = ZipFile.OpenRead(data);
        var characters = Characters(archive);
        var classifiers = _attributes.Select(attribute => Classifier(archive, characters[Unknown..], attribute, folder)).ToArray();

        var pictures = characters[..Unknown].SelectMany(character => archive.Entries.Where(entry => entry.Name == character["file"])
            .Select(entry => (Character: character, Values: Pixels(entry)))).ToArray();
        Tell("real pictures", characters, classifiers, [.. pictures.Select(picture => picture.Character)],
            Batches(pictures.Select(picture => picture.Values)));

        var asked = Mixed(characters).Take(count).ToArray();
        Console.WriteLine($"{asked.Length} prompts, none of them in the data, as '{asked[0]["caption"]}'");
        using var encoder = new MiniLmEncoder();
        using var generator = ImageGenerator.Load(model, new() { Device = Device.Cpu, TextEncoder = encoder });
        foreach (var (way, words) in new (string, Func<Character, int, string>)[]
        {
            ("", (character, _) => character["caption"]),
            (", in other words", OtherWords),
        })
            Tell(model + way, characters, classifiers, asked, generator.Stream(asked.Select((character, i) =>
                new Sample((ulong)i) { Prompt = words(character, i) })).Select(batch => (batch.Count, batch.Values.ToArray())));
    }

    // The same as people may say it.
    private static string OtherWords(Character character, int image)
    {
        var (who, hair, hat) = (character["caption"].Split(" with ")[0].Split(',')[0], character["hair_colour"], character["hat"]);
        var head = hair.Length > 0 ? $"{hair} hair" : $"a {hat}";
        return (image % 4) switch
        {
            0 => $"{who} who has {head} and wears {character["top"]}, {character["legs"]} and {character["feet"]}",
            1 => $"the {who.Split(' ', 2)[1]} in {character["top"]} and {character["legs"]}, with {head} and {character["feet"]}",
            2 => $"{head}, {character["top"]}, {character["legs"]}, {character["feet"]}",
            _ => $"pixel art of {who} wearing {character["feet"]}, {character["legs"]}, {character["top"]}, {head}",
        };
    }

    // How often each attribute is seen that was asked for, and the rank of what was asked among captions of the data.
    private static void Tell(string what, Character[] characters, string[] classifiers, Character[] asked,
        IEnumerable<(int Count, float[] Values)> images)
    {
        var batches = images.ToArray();
        var seen = classifiers.Select(classifier => Seen(classifier, batches)).ToArray();
        for (var a = 0; a < _attributes.Length; a++)
        {
            var shown = Enumerable.Range(0, asked.Length).Where(i => _attributes[a].IsShown(asked[i])).ToArray();
            var obeyed = shown.Count(i => seen[a][i].MaxBy(kind => kind.Value).Key == asked[i][_attributes[a].Column]);
            Console.WriteLine($"{what}: {_attributes[a].Column}: {Share(obeyed, shown.Length)} of {shown.Length}; {seen[a][0].Count} kinds");
        }
        var random = new Random(2);
        var ranks = asked.Select((character, i) =>
        {
            var right = Match(character, i);
            var others = Enumerable.Range(0, Captions - 1).Select(_ => Match(characters[random.Next(characters.Length)], i)).ToArray();
            return 1 + others.Count(other => other > right) + others.Count(other => other == right) / 2.0;
        }).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: the caption is the first of {Captions} in ")
            + $"{Share(ranks.Count(rank => rank < 2), ranks.Length)}, its median rank {ranks[ranks.Length / 2]:0}");

        // The mean logarithm of how probable the classifiers find what a character has.
        double Match(Character character, int image) => _attributes.Index()
            .Where(attribute => attribute.Item.IsShown(character))
            .Average(attribute => seen[attribute.Index][image][character[attribute.Item.Column]]);
    }

    private static string Share(int part, int whole)
    {
        var share = (double)part / whole;
        return string.Create(CultureInfo.InvariantCulture, $"{share:0.000} ± {1.96 * Math.Sqrt(share * (1 - share) / whole):0.000}");
    }

    // Characters that aren't in the data, each part of whose captions is another's.
    private static IEnumerable<Character> Mixed(Character[] characters)
    {
        var known = characters.Select(character => character["caption"]).ToHashSet();
        var haired = characters.Where(character => character["hat"].Length == 0 && character["hair_colour"].Length > 0).ToArray();
        var hatted = characters.Where(character => character["hat"].Length > 0 && character["hair_colour"].Length == 0).ToArray();
        var random = new Random(1);
        for (var i = 0; ; i++)
        {
            Character Other() => characters[random.Next(characters.Length)];
            var hats = i % OneInHats == 0;
            var head = hats ? hatted[random.Next(hatted.Length)] : haired[random.Next(haired.Length)];
            var made = new Character(head) { ["top"] = Other()["top"], ["legs"] = Other()["legs"], ["feet"] = Other()["feet"] };
            var person = head["caption"].Split(head["top"])[0]; // a dark-skinned man with blonde princess hair,
            made["caption"] = $"{person}{made["top"]}, {made["legs"]}, {made["feet"]}" + (hats ? $", {made["hat"]}" : "");
            if (!known.Contains(made["caption"]))
                yield return made;
        }
    }

    private static Character[] Characters(ZipArchive archive)
    {
        using var text = new StreamReader(archive.GetEntry("captions.csv")!.Open());
        // Two shades are called by one word: brown and brown2 are brown in captions.
        var rows = Data.Csv.Read(text).ToArray();
        return [.. rows.Skip(1).Select(row => new Character(rows[0].Zip(row).ToDictionary(field => field.First, field =>
            field.Second.TrimEnd('2'))))];
    }

    private static string Classifier(ZipArchive archive, Character[] characters, Attribute attribute, string folder)
    {
        var (pictures, file) = (Path.Combine(folder, attribute.Column), Path.Combine(folder, attribute.Column + ".onnx"));
        if (!Directory.Exists(pictures))
        {
            var values = characters.Where(attribute.IsShown).ToDictionary(character => character["file"], character => character[attribute.Column]);
            foreach (var entry in archive.Entries.Where(entry => values.ContainsKey(entry.Name)))
            {
                var place = Path.Combine(pictures, values[entry.Name], entry.FullName.Replace('/', '-'));
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                entry.ExtractToFile(place);
            }
        }
        if (!File.Exists(file))
            ClassifierTraining.Run(new() { Data = pictures, Size = Size, Channels = 3, Epochs = Epochs }, file);
        return file;
    }

    // As a model makes them: [3, H, W] of -1 to 1.
    private static float[] Pixels(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var picture = Image.Load<Rgb24>(stream);
        var values = new float[3 * Size * Size];
        picture.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < Size; y++)
                foreach (var (x, pixel) in rows.GetRowSpan(y).ToArray().Index())
                    foreach (var (channel, value) in new[] { pixel.R, pixel.G, pixel.B }.Index())
                        values[(channel * Size + y) * Size + x] = value / 127.5f - 1;
        });
        return values;
    }

    private static IEnumerable<(int Count, float[] Values)> Batches(IEnumerable<float[]> images) =>
        images.Chunk(64).Select(chunk => (chunk.Length, chunk.SelectMany(values => values).ToArray()));

    // The logarithm of each kind's probability, image by image.
    private static Dictionary<string, double>[] Seen(string classifier, (int Count, float[] Values)[] images)
    {
        using var session = new InferenceSession(classifier);
        var kinds = Inference.ModelMetadata.FromProperties(session.ModelMetadata.CustomMetadataMap)!.Classes;
        var (input, scores) = (session.InputNames[0], session.OutputNames[^1]);
        return [.. images.SelectMany(batch =>
        {
            using var value = OrtValue.CreateTensorValueFromMemory(batch.Values, [batch.Count, 3, Size, Size]);
            using var results = session.Run(new RunOptions(), [input], [value], [scores]);
            return results[0].GetTensorDataAsSpan<float>().ToArray().Chunk(kinds.Count).Select(row =>
            {
                var whole = Math.Log(row.Sum(score => Math.Exp(score - row.Max()))) + row.Max();
                return kinds.Zip(row).ToDictionary(kind => kind.First, kind => kind.Second - whole);
            }).ToArray();
        })];
    }

    private sealed record Attribute(string Column, Func<Character, bool> IsShown);
}
