using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GanOnnx.Inference.Images;

namespace GanOnnx.Inference.Models;

/// <summary>Metadata as the strings in <c>metadata_props</c>. <see cref="ModelMetadata"/> documents the keys.</summary>
internal static class MetadataProperties
{
    /// <summary>The key of prompts, whose value is long.</summary>
    public const string TextKey = "gan.text";

    private const string SchemaKey = "gan.schema", TaskKey = "gan.task", ArchitectureKey = "gan.architecture",
        LatentKey = "gan.latent", ClassesKey = "gan.classes", PixelsKey = "gan.pixels", TrainingKey = "gan.training",
        AudioKey = "gan.audio", VideoKey = "gan.video", QuantizationKey = "gan.quantization", LicenseKey = "gan.license", LicenseKeyOf01 = "gan.licence";

    public static List<KeyValuePair<string, string>> Write(ModelMetadata metadata)
    {
        var properties = new List<KeyValuePair<string, string>>();
        Add(SchemaKey, ModelMetadata.Schema.ToString(CultureInfo.InvariantCulture));
        Add(TaskKey, NameOf(metadata.Task));
        Add(ArchitectureKey, metadata.Architecture);
        Add(LatentKey, metadata.Latent is { } latent ? ToJson(LatentJson.From(latent), MetadataJson.Default.LatentJson) : null);
        Add(ClassesKey, metadata.Classes.Count > 0 ? ToJson([.. metadata.Classes], MetadataJson.Default.StringArray) : null);
        Add(TextKey, metadata.Text is { } text ? ToJson(TextJson.From(text), MetadataJson.Default.TextJson) : null);
        Add(PixelsKey, metadata.Pixels is { } pixels ? ToJson(PixelsJson.From(pixels), MetadataJson.Default.PixelsJson) : null);
        Add(AudioKey, metadata.Audio is { } audio ? ToJson(audio, MetadataJson.Default.AudioDescription) : null);
        Add(VideoKey, metadata.Video is { } video ? ToJson(video, MetadataJson.Default.VideoDescription) : null);
        Add(TrainingKey, metadata.Training is { } training ? ToJson(training, MetadataJson.Default.TrainingDescription) : null);
        Add(LicenseKey, metadata.License);
        Add(QuantizationKey, metadata.Quantization is { } loss ? ToJson(loss, MetadataJson.Default.QuantizationDescription) : null);
        return properties;

        void Add(string key, string? value)
        {
            if (value is not null)
                properties.Add(new(key, value));
        }
    }

    public static ModelMetadata? Read(IEnumerable<KeyValuePair<string, string>> properties)
    {
        var values = new Dictionary<string, string>();
        foreach (var (key, value) in properties)
            values[key] = value;

        if (!values.TryGetValue(SchemaKey, out var schema))
            return null;
        if (schema != ModelMetadata.Schema.ToString(CultureInfo.InvariantCulture))
            throw Errors.UnknownSchema(schema);

        return new ModelMetadata
        {
            Task = ReadTask(values.GetValueOrDefault(TaskKey)),
            Architecture = values.GetValueOrDefault(ArchitectureKey),
            Latent = FromJson(values, LatentKey, json => new LatentJson(json["distribution"].Text, json["size"].Integer))?.ToDescription(),
            Classes = FromJson(values, ClassesKey, json => json.Items.Select(name => name.Text).ToArray()) ?? [],
            Text = FromJson(values, TextKey, ToText),
            Pixels = FromJson(values, PixelsKey, json =>
                new PixelsJson([.. json["range"].Items.Select(bound => (float)bound.Number)], json["channels"].Text))?.ToDescription(),
            Audio = FromJson(values, AudioKey, json => new AudioDescription(json["rate"].Integer)),
            Video = FromJson(values, VideoKey, json => new VideoDescription(json["framesPerSecond"].Number)),
            Training = FromJson(values, TrainingKey, ToTraining),
            Quantization = FromJson(values, QuantizationKey, ToQuantization),
            License = values.GetValueOrDefault(LicenseKey) ?? values.GetValueOrDefault(LicenseKeyOf01),
        };
    }

    private static ModelTask ReadTask(string? text)
    {
        foreach (var task in Enum.GetValues<ModelTask>())
            if (NameOf(task) == text)
                return task;

        throw Errors.UnknownTask(text);
    }

    /// <summary>A task as files name it.</summary>
    public static string NameOf(ModelTask task) => JsonNamingPolicy.KebabCaseLower.ConvertName(task.ToString());

    private static TextDescription ToText(JsonValue json)
    {
        var text = new TextDescription
        {
            Encoder = json["encoder"].Text,
            Sha256 = json["sha256"].Text,
            Size = json["size"].Integer,
            Examples = [.. json["examples"].Items.Select(example => example.Text)],
            Vectors = TextJson.Values(json["vectors"].Text),
        };
        return text.Size > 0 && text.Examples.Count > 0 && text.Vectors.Length == (long)text.Size * text.Examples.Count
            && Finite.Are(text.Vectors.Span) ? text : throw new JsonException();
    }

    private static TrainingDescription ToTraining(JsonValue json) => new()
    {
        Data = json.Find("data")?.Text,
        ImagesSeen = json.Find("imagesSeen")?.Long,
        Loss = json.Find("loss")?.Text,
        Seed = json.Find("seed")?.Unsigned,
        Tool = json.Find("tool")?.Text,
        Figures = json.Find("figures")?.Numbers,
    };

    private static QuantizationDescription ToQuantization(JsonValue json) => new()
    {
        Precision = json["precision"].Text,
        Layers = json["layers"].Integer,
        LayersInAll = json["layersInAll"].Integer,
        Psnr = json["psnr"].Number,
        Images = json["images"].Integer,
        Distance = json.Find("distance")?.Number,
        DistanceToData = json.Find("distanceToData")?.Number,
        FloatDistanceToData = json.Find("floatDistanceToData")?.Number,
        Of = json.Find("of")?.Text,
    };

    private static string ToJson<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static T? FromJson<T>(Dictionary<string, string> values, string key, Func<JsonValue, T> read) where T : class
    {
        if (!values.TryGetValue(key, out var json))
            return null;

        try
        {
            using var document = JsonDocument.Parse(json);
            return read(new(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // half of a surrogate pair is the latter
        {
            throw Errors.MalformedMetadata(key, json, e);
        }
    }
}
