using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Inference;
using GanOnnx.Trust;

namespace GanOnnx.Cli;

/// <summary><c>gan augment</c>: a labelled set of generated pictures, a folder for each class.</summary>
internal static class AugmentCommand
{
    private const int MostPerClass = 1_000_000;

    private static readonly Option<string> _out =
        new("--out") { Required = true, HelpName = "FOLDER", Description = "The set's folder; in it each class gets one of its name." };
    private static readonly Option<int> _perClass =
        new("--per-class") { Required = true, HelpName = "NUMBER", Description = "How many images of each class." };
    private static readonly Option<string> _classes =
        new("--classes") { HelpName = "CLASS,…", Description = "Only these classes, by name or number. The default is all." };
    private static readonly Option<ulong> _seed = new("--seed")
    {
        Description = "The seed of the images. The default is 0. Image 0, 1, … of it are made of each class.",
    };
    private static readonly Option<string> _classifier = new("--classifier")
    {
        HelpName = "FILE",
        Description = "A classifier that gan classifier trained: only images that it recognises as their class are kept, of up to "
            + $"{GeneratedSet.MostTries} times as many.",
    };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("augment", "write a labelled set of generated pictures", Run,
        "fashion-cgan --per-class 100 --out generated/",
        "mine.onnx --per-class 500 --classes cat,dog --out generated/",
        "mine.onnx --per-class 500 --classifier classifier.onnx --out generated/")
    {
        Generation.Model,
        { "Which images", [_perClass, _classes, _seed, .. Generation.Asked, _classifier] },
        { "Where to", [_out, ModelWatermark.Option, Generation.NoProvenance, .. Signing.Options, _json] },
        { "How", Generation.Device, Generation.Batch },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var perClass = parsed.GetValue(_perClass);
        if (perClass is < 1 or > MostPerClass)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--per-class {perClass} is out of range; 1 to {MostPerClass:#,0} is expected."));
        var output = parsed.GetRequiredValue(_out);
        CheckOutput(output);

        using var generator = Generation.Load(parsed, stop);
        var model = generator.Model;
        if (!model.IsConditional)
            throw new UsageException($"'{model.Path}' is unconditional: it makes images of no class, so they can't be labelled. Train a "
                + "model with labels, or make images without any: "
                + Hint.Of("generate", parsed.GetRequiredValue(Generation.Model), "--out", output));
        var labels = parsed.GetValue(_classes) is { } asked ? LabelList.Find(asked, model, _classes.Name)
            : LabelList.All(model, _classes.Name);
        var sample = Generation.Ask(parsed, model, new Sample(parsed.GetValue(_seed)));
        using var check = parsed.GetValue(_classifier) is { } path
            ? ClassCheck.Load(path, model, labels, parsed.GetValue(Generation.Device), stop) : null;
        using var writer = Signing.Open(parsed, model, parsed.GetValue(Generation.NoProvenance));
        var set = new GeneratedSet(generator, output, sample, perClass, [.. labels.Distinct()], check, writer);
        var time = Stopwatch.StartNew();
        var classes = set.Write(of => Generation.Origin(parsed, model, of), stop);

        writer.TellUnreadable();
        Results.Print(parsed.GetValue(_json),
            new
            {
                output,
                images = classes.Sum(made => made.Kept),
                drawn = classes.Sum(made => made.Drawn),
                perClass,
                sample.Seed,
                model = model.Path,
                model.Sha256,
                generator.Provider,
                classifier = parsed.GetValue(_classifier),
                seconds = time.Elapsed.TotalSeconds,
                classes,
            },
            Text(output, classes, time.Elapsed, generator.Provider));
        if (classes.Where(made => made.Kept < perClass).ToArray() is not { Length: > 0 } seldom)
            return ExitCode.Done;
        Console.Error.WriteLine($"gan: not all classes are made often enough: {PlainText.Of(string.Join(", ", seldom.Select(Told)))}. What "
            + $"was recognised is written, {perClass} of each other class. Train the model for longer, or ask for fewer.");
        return ExitCode.Failed;
    }

    private static void CheckOutput(string output)
    {
        if (string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; give a folder's name.");
        if (File.Exists(output))
            throw new UsageException($"'{output}' is a file; a set of pictures needs a folder. Give another name.");
        OutputPath.CheckFolder(output);
    }

    private static string Text(string output, IReadOnlyList<MadeClass> classes, TimeSpan time, string provider) =>
        string.Join('\n', classes.Select(Told).Prepend(string.Create(CultureInfo.InvariantCulture,
            $"{output}: {classes.Sum(made => made.Kept)} images of {classes.Count} classes in {time.TotalSeconds:0.0} s ({provider})"))
            .Select(PlainText.Of));

    private static string Told(MadeClass made) =>
        string.Create(CultureInfo.InvariantCulture, $"{made.Name}: {made.Kept} kept of {made.Drawn} drawn");
}
