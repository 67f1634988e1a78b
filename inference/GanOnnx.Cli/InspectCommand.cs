using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.CommandLine;
using GanOnnx.Inference;

namespace GanOnnx.Cli;

/// <summary><c>gan inspect</c>: what a model file takes, gives and says about itself.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> _model = ModelPath.Argument();
    private static readonly Option<bool> _json = Results.JsonOption();

    public static Verb Create() => new("inspect", "tell what a model takes and gives", Run,
        "fashion-dcgan",
        "mine.onnx --json")
    { _model, _json };

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var model = Read(ModelPath.Resolve(parsed.GetRequiredValue(_model)));
        var result = new
        {
            model.Path,
            model.FileSize,
            model.Sha256,
            Inputs = model.Inputs.Select(Described),
            Outputs = model.Outputs.Select(Described),
            model.Classes,
            model.IsConditional,
            model.HasTruncation,
            model.HasStyleMixing,
            Metadata = model.Metadata?.ToProperties()
                .ToDictionary(property => property.Key, property => Structured(property.Key, property.Value)),
        };
        Results.Print(parsed.GetValue(_json), result, Describe(model));
        return ExitCode.Done;
    }

    private static ModelDescription Read(string path)
    {
        try
        {
            using var generator = ImageGenerator.Load(path, new ImageGeneratorOptions { Device = Device.Cpu });
            return generator.Model;
        }
        catch (ModelException)
        {
            if (ReadTranslator(path) is { } translator)
                return translator;
            throw;
        }
    }

    private static ModelDescription? ReadTranslator(string path)
    {
        try
        {
            // What the values mean isn't shown, so a file that doesn't say need not be asked.
            var format = new PixelFormat { Range = ValueRange.Signed };
            using var translator = ImageTranslator.Load(path,
                new ImageTranslatorOptions { Device = Device.Cpu, Input = format, Output = format });
            return translator.Model;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static string Describe(ModelDescription model)
    {
        var text = new StringBuilder();
        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                text.AppendLine(CultureInfo.InvariantCulture, $"{name,-16} {PlainText.Of(value)}");
        }

        Line("file", string.Create(CultureInfo.InvariantCulture, $"{model.Path} ({model.FileSize / 1e6:0.0} MB)"));
        Line("sha-256", model.Sha256);
        foreach (var input in model.Inputs)
            Line("input", input.ToString());
        foreach (var output in model.Outputs)
            Line("output", output.ToString());
        if (model.LatentSize > 0)
            Line("latent", $"{model.LatentSize} values, {model.LatentDistribution.ToString().ToLowerInvariant()}");
        Line("generate takes", string.Join(", ", Options(model)));
        Line("classes", string.Join(", ", model.Classes));
        if (model.Metadata is not { } metadata)
            Line("metadata", "none of gan's: the file was made by another program");
        else
            foreach (var (key, value) in metadata.ToProperties())
                Line(key, value);
        return text.ToString().TrimEnd();
    }

    // An axis is a number, a name, or null where it has neither.
    private static object Described(TensorDescription tensor) => new
    {
        tensor.Name,
        tensor.Type,
        Shape = tensor.Axes.Select(axis => axis.Length is { } length ? (object)length : axis.Name),
    };

    // Some of the file's values are JSON themselves; in JSON they are what they say, not strings.
    private static JsonNode? Structured(string key, string value)
    {
        try
        {
            return key is "gan.latent" or "gan.classes" or "gan.pixels" or "gan.training" ? JsonNode.Parse(value) : value;
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static IEnumerable<string> Options(ModelDescription model) =>
        new[] { (model.IsConditional, "--label"), (model.HasTruncation, "--truncation"), (model.HasStyleMixing, "--style-mix") }
            .Where(option => option.Item1).Select(option => option.Item2);
}
