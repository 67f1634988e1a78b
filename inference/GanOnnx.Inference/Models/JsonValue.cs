using System.Text.Json;

namespace GanOnnx.Inference.Models;

/// <summary>
/// A value of the metadata's JSON. The serializer would compile hundreds of methods at the first model that a program loads, a tenth of the
/// time of a short program, for five small records.
/// </summary>
internal readonly struct JsonValue(JsonElement element)
{
    public string Text => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Unexpected();

    public int Integer => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : throw Unexpected();

    public long Long => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) ? value : throw Unexpected();

    public ulong Unsigned => element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out var value) ? value : throw Unexpected();

    public double Number => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) ? value : throw Unexpected();

    public JsonValue[] Items => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().Select(item => new JsonValue(item))] : throw Unexpected();

    public Dictionary<string, double> Numbers
    {
        get
        {
            var numbers = new Dictionary<string, double>();
            foreach (var property in Object.EnumerateObject())
                numbers[property.Name] = new JsonValue(property.Value).Number;
            return numbers;
        }
    }

    /// <summary>A property that must be there.</summary>
    public JsonValue this[string name] => Find(name) ?? throw Unexpected();

    private JsonElement Object => element.ValueKind == JsonValueKind.Object ? element : throw Unexpected();

    /// <summary>A property that may be left out, or be null.</summary>
    public JsonValue? Find(string name) =>
        Object.TryGetProperty(name, out var property) && property.ValueKind != JsonValueKind.Null ? new JsonValue(property) : null;

    private static JsonException Unexpected() => new();
}
