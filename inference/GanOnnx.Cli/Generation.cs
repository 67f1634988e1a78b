using System.CommandLine;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli;

/// <summary>What the verbs that make images have in common: which model, how to run it, and what its pictures say.</summary>
internal static class Generation
{
    public static Argument<string> Model { get; } = ModelPath.Argument();

    public static Option<float?> Truncation { get; } = new("--truncation") { Description = "Truncation ψ, for models that have it." };

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

    /// <summary>What all pictures of this call say about their origin; null if they are to say nothing.</summary>
    public static Provenance? Origin(ParseResult parsed, ModelDescription model) => parsed.GetValue(NoProvenance) ? null : new Provenance
    {
        Model = ModelPath.NameOf(model.Path),
        ModelSha256 = model.Sha256,
        Truncation = parsed.GetValue(Truncation)?.ToString(CultureInfo.InvariantCulture),
    };

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
}
