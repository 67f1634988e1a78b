using System.CommandLine;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary>What the verbs that make images have in common: which model, how to run it, and what its pictures say.</summary>
internal static class Generation
{
    public static Argument<string> Model { get; } = ModelPath.Argument();

    /// <summary>What the images are to show.</summary>
    public static Option<string> Prompt { get; } = new("--prompt")
    {
        HelpName = "TEXT",
        Description = "What the images are to show, in English words, for models that take prompts. Without one they show captions that "
            + "the model's file has.",
    };

    private static readonly Option<string> _truncation = new("--truncation")
    {
        HelpName = "NUMBER",
        Description = "Truncation ψ from -2 to 2, for models that have it: 0 is the average image, 1 no truncation.",
    };

    private static readonly Option<string> _truncationCutoff = new("--truncation-cutoff")
    {
        HelpName = "LAYER",
        Description = "The layer from which on truncation doesn't count (0 is the coarsest), for models that have it.",
    };

    /// <summary>What all images of a call are asked for alike. An option's name is that of the library's input.</summary>
    public static IReadOnlyList<Option<string>> Asked { get; } = [Prompt, _truncation, _truncationCutoff];

    public static Option<int?> Batch { get; } =
        new("--batch") { Description = "Images per run of the model. The default suits the device." };

    public static Option<Device> Device { get; } = DeviceOption.Create();

    public static Option<bool> NoProvenance { get; } =
        new("--no-provenance") { Description = "Leave out the mark that the pictures are generated." };

    /// <summary>Loads the model and says what there is to know about it.</summary>
    public static ImageGenerator Load(ParseResult parsed, CancellationToken stop)
    {
        var path = ModelPath.Resolve(parsed.GetRequiredValue(Model));
        // ONNX Runtime prints to standard error what it also throws, as that a GPU can't be used; our notice says it once.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        var generator = ImageGenerator.Load(path,
            FormatOptions.Options(parsed) with { Device = parsed.GetValue(Device), BatchSize = parsed.GetValue(Batch) }, stop);
        if (generator.Notice is { } notice)
            Console.Error.WriteLine(notice);
        return generator;
    }

    /// <summary>An image of this call, with all that is asked for.</summary>
    public static Sample Ask(ParseResult parsed, ModelDescription model, Sample sample)
    {
        foreach (var option in Asked)
            if (parsed.GetValue(option) is { } text)
                sample = model.Ask(sample, NameOf(option), text);
        return sample;
    }

    /// <summary>What pictures of this call say about their origin; null if they are to say nothing.</summary>
    public static Provenance? Origin(ParseResult parsed, ModelDescription model, Sample sample) =>
        parsed.GetValue(NoProvenance) ? null : Provenance.Of(model, sample);

    /// <summary>The option for something that a model can be asked for: <c>--style-mix</c> for <c>styleMix</c>.</summary>
    public static string OptionOf(string asked) =>
        $"--{string.Concat(asked.Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}"))}";

    public static IEnumerable<ImageBatch> WithProgress(IEnumerable<ImageBatch> batches, int total)
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

    private static string NameOf(Option option) =>
        string.Concat(option.Name.TrimStart('-').Split('-')
            .Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
