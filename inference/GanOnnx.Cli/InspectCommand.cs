using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.CommandLine;
using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Cli;

/// <summary><c>gan inspect</c>: what a model file takes, gives and says about itself, and what is missing to make images with it.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> _model = ModelPath.Argument();
    private static readonly Option<bool> _isolated = new("--isolated")
    {
        Description = $"Read the model in a process of its own, with at most {Isolation.LongestTime.TotalSeconds:0} s and "
            + $"{Isolation.MostMemory >> 30} GB: for models of strangers.",
    };
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("inspect", "tell what a model takes and gives", Run,
        "fashion-dcgan",
        "mine.onnx --json",
        "strange.onnx --isolated")
    {
        _model,
        { "Options", _isolated, _json },
        { FormatOptions.Heading, FormatOptions.All },
    };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var path = ModelPath.Resolve(parsed.GetRequiredValue(_model));
        if (parsed.GetValue(_isolated))
            return Isolation.Run(parsed, _isolated, path, stop);

        var content = ModelContent.Read(ModelFile.Find(path), stop);
        var inspection = Inspection.Of(content, FormatOptions.Options(parsed), stop);
        var model = inspection.Model;
        Results.Print(parsed.GetValue(_json), new
        {
            content.Path,
            content.FileSize,
            content.Sha256,
            Inputs = inspection.Inputs.Select(Described),
            Outputs = inspection.Outputs.Select(Described),
            content.Precision,
            inspection.Understood,
            inspection.Missing,
            Classes = model?.Classes ?? [],
            IsConditional = model?.IsConditional ?? false,
            HasPrompt = model?.HasPrompt ?? false,
            HasTruncation = model?.HasTruncation ?? false,
            HasStyleMixing = model?.HasStyleMixing ?? false,
            Takes = model?.Takes ?? [],
            model?.StyleLayers,
            Metadata = inspection.Metadata?.ToProperties()
                .ToDictionary(property => property.Key, property => Structured(property.Key, property.Value)),
        }, Describe(content, inspection));
        return ExitCode.Done;
    }

    private static string Describe(ModelContent content, Inspection inspection)
    {
        var (text, model) = (new StringBuilder(), inspection.Model);
        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                text.AppendLine(CultureInfo.InvariantCulture, $"{name,-16} {PlainText.Of(value)}");
        }

        Line("file", string.Create(CultureInfo.InvariantCulture, $"{content.Path} ({content.FileSize / 1e6:0.0} MB)"));
        Line("sha-256", content.Sha256);
        foreach (var input in inspection.Inputs)
            Line("input", input.ToString());
        foreach (var output in inspection.Outputs)
            Line("output", output.ToString());
        Line("computes in", content.Precision);
        Line("understood as", inspection.Understood);
        Line("missing", inspection.Missing);
        if (model?.LatentSize > 0)
            Line("latent", $"{model.LatentSize} values, {model.LatentDistribution.ToString().ToLowerInvariant()}");
        if (model is not null)
            Line("generate takes", string.Join(", ", model.Takes.Select(Generation.OptionOf)));
        Line("style layers", model?.StyleLayers is { } layers ? $"0 to {layers - 1}" : null);
        Line("classes", string.Join(", ", model?.Classes ?? []));
        if (inspection.Metadata is not { } metadata)
            Line("metadata", "none of gan's: the file was made by another program");
        else
            foreach (var (key, value) in metadata.ToProperties())
                Line(key, metadata.Text is { } prompts && key == MetadataProperties.TextKey ? Described(prompts) : value);
        return text.ToString().TrimEnd();
    }

    private static string Described(TextDescription text) => string.Create(CultureInfo.InvariantCulture,
        $"{text.Encoder}, {text.Size} values; {text.Examples.Count} captions, as \"{text.Examples[0]}\"");

    // An axis is a number, a name, or null where it has neither.
    private static object Described(TensorDescription tensor) => new
    {
        tensor.Name,
        tensor.Type,
        Shape = tensor.Axes.Select(axis => axis.Length is { } length ? (object)length : axis.Name),
    };

    // Most of the file's values are JSON themselves; in JSON they are what they say, not strings.
    private static JsonNode? Structured(string key, string value)
    {
        try
        {
            if (key is "gan.task" or "gan.architecture" or "gan.license")
                return value;
            var json = JsonNode.Parse(value);
            if (key == MetadataProperties.TextKey)
                json!.AsObject().Remove("vectors"); // a quarter of a megabyte that nobody reads
            return json;
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
