using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>
/// A request's values by name, whether they come in its address, as a form or as a JSON object. What is unknown is refused, so that a
/// mistyped name isn't passed over.
/// </summary>
internal sealed class Fields
{
    private readonly Dictionary<string, Field> _fields = new(StringComparer.Ordinal);

    private Fields()
    {
    }

    /// <summary>Those behind the question mark.</summary>
    public static Fields OfQuery(HttpRequest request, IReadOnlyCollection<string> known) => Of(request.Query, known);

    /// <summary>Those of a form.</summary>
    public static Fields Of(IEnumerable<KeyValuePair<string, StringValues>> texts, IReadOnlyCollection<string> known)
    {
        var fields = new Fields();
        foreach (var (name, values) in texts)
            fields.Add(name, new(values.Count == 1 ? values[0] ?? "" : throw Errors.Twice(name), JsonValueKind.Undefined), known);
        return fields;
    }

    /// <summary>Those of a JSON object.</summary>
    public static Fields OfJson(JsonElement body, IReadOnlyCollection<string> known)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw Errors.NoObject();
        var fields = new Fields();
        foreach (var property in body.EnumerateObject())
        {
            var (name, value) = TextsOf(property);
            // A null is as if it weren't there, but has to have a name that is known.
            fields.Add(name, new(value, property.Value.ValueKind), known);
        }
        return fields;
    }

    /// <summary>A text, or a number as it is written; null where there is none.</summary>
    public string? Text(string name) => !_fields.TryGetValue(name, out var field) ? null
        : field.Kind is JsonValueKind.Undefined or JsonValueKind.String or JsonValueKind.Number ? field.Text
        : throw Errors.Wrong(name, field.Shown, "text");

    /// <summary>A whole number; null where there is none.</summary>
    public long? Whole(string name, long least, long most) => Number(name) is not { } field ? null
        : long.TryParse(field.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number
            : throw Errors.Wrong(name, field.Shown, $"a whole number from {least} to {most}");

    /// <summary>A seed or an index; JSON's numbers are exact up to 2^53 in some clients, so it may also be a text.</summary>
    public ulong? Seed(string name) => Text(name) is not { } text ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
            : throw Errors.Wrong(name, _fields[name].Shown, $"a whole number from 0 to {ulong.MaxValue}");

    /// <summary>A length of time in seconds; null where there is none.</summary>
    public TimeSpan? Seconds(string name) => Number(name) is not { } field ? null
        : double.TryParse(field.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.01 and <= 86400
            ? TimeSpan.FromSeconds(seconds) : throw Errors.Wrong(name, field.Shown, "seconds from 0.01 to 86400");

    /// <summary>A truth; null where there is none.</summary>
    public bool? Flag(string name) => !_fields.TryGetValue(name, out var field) ? null
        : field.Kind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Undefined when bool.TryParse(field.Text, out var flag) => flag,
            _ => throw Errors.Wrong(name, field.Shown, "true or false"),
        };

    /// <summary>One of a few words, in any capitals; null where there is none.</summary>
    public string? Word(string name, params IReadOnlyList<string> words) => Text(name) is not { } text ? null
        : words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw Errors.Wrong(name, _fields[name].Shown, string.Join(" or ", words));

    /// <summary>Refuses a value that changes nothing here, unless it is what clients send without being asked.</summary>
    public void OnlyDefault(string name, params IReadOnlyList<string> defaults)
    {
        if (Text(name) is { Length: > 0 } text && !defaults.Contains(text, StringComparer.OrdinalIgnoreCase))
            throw Errors.OnlyDefault(name, text, defaults);
    }

    private static (string Name, string Value) TextsOf(JsonProperty property)
    {
        try
        {
            var value = property.Value;
            return (property.Name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which JSON's grammar allows.
            throw Errors.Malformed("a text in it is no Unicode.");
        }
    }

    private Field? Number(string name) => !_fields.TryGetValue(name, out var field) ? null
        : field.Kind is JsonValueKind.Undefined or JsonValueKind.Number ? field : throw Errors.Wrong(name, field.Shown, "a number");

    private void Add(string name, Field field, IReadOnlyCollection<string> known)
    {
        if (!known.Contains(name))
            throw Errors.Unknown(name, known);
        if (field.Kind == JsonValueKind.Null)
            return;
        if (!_fields.TryAdd(name, field))
            throw Errors.Twice(name);
    }

    private readonly record struct Field(string Text, JsonValueKind Kind)
    {
        public string Shown => Kind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.String or JsonValueKind.Undefined => $"'{Errors.Shown(Text)}'",
            _ => Errors.Shown(Text),
        };
    }
}
