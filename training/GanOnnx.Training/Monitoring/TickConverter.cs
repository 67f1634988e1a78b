using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GanOnnx.Training.Monitoring;

/// <summary>A tick as an object of JSON with a member for each figure, extra ones in an object of their own.</summary>
internal sealed class TickConverter : JsonConverter<Tick>
{
    private const string Step = "step", Images = "images", Warnings = "warnings", Extras = "extras";

    private static readonly JsonSerializerOptions _named = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    // These stand before the warnings since the first version; what came later stands after them.
    private static readonly Figure[] _first =
    [
        Figures.ImagesPerSecond, Figures.DiscriminatorLoss, Figures.GeneratorLoss,
        Figures.RealProbability, Figures.FakeProbability, Figures.SampleDeviation,
    ];

    public override void Write(Utf8JsonWriter writer, Tick value, JsonSerializerOptions options)
    {
        var withNulls = options.DefaultIgnoreCondition != JsonIgnoreCondition.WhenWritingNull;
        writer.WriteStartObject();
        writer.WriteNumber(Step, value.Step);
        writer.WriteNumber(Images, value.Images);
        foreach (var figure in _first)
            Write(writer, figure.Key, value[figure], withNulls);
        writer.WriteStartArray(Warnings);
        foreach (var warning in value.Warnings)
            writer.WriteStringValue(warning);
        writer.WriteEndArray();
        foreach (var figure in Figures.All.Except(_first))
            Write(writer, figure.Key, value[figure], withNulls);
        writer.WriteStartObject(Extras);
        foreach (var (figure, number) in value.Figures.Where(f => f.Key.IsExtra))
            Write(writer, figure.Key, number, withNulls);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public override Tick Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            var tick = JsonNode.Parse(ref reader)?.AsObject() ?? throw new JsonException("A tick is an object.");
            var figures = Figures.All.Where(f => tick[f.Key] is not null).ToDictionary(f => f, f => Number(tick[f.Key]!));
            foreach (var (name, value) in tick[Extras]?.AsObject() ?? [])
                figures[Figure.Extra(name)] = Number(value ?? throw new JsonException("A figure is a number."));
            return new Tick((long?)tick[Step] ?? throw new JsonException("A tick has a step."), (long?)tick[Images] ?? 0, figures,
                [.. (tick[Warnings]?.AsArray() ?? []).Select(w => (string?)w ?? "")]);
        }
        // What JSON that isn't as expected can raise, a key that is there twice among it.
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    // A figure that is no finite number must not end the run for the log's sake.
    private static void Write(Utf8JsonWriter writer, string key, double? value, bool withNulls)
    {
        if (value is not { } number)
        {
            if (withNulls)
                writer.WriteNull(key);
        }
        else
        {
            writer.WritePropertyName(key);
            JsonSerializer.Serialize(writer, number, _named);
        }
    }

    private static double Number(JsonNode value) => value.Deserialize<double>(_named);
}
