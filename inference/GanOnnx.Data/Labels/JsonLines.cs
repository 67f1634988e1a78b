using System.Text.Json;

namespace GanOnnx.Data;

/// <summary>Reads files with a JSON object in each line.</summary>
internal static class JsonLines
{
    /// <summary>The fields of each line; blank lines are passed over.</summary>
    /// <exception cref="InvalidDataException">A line is no JSON object.</exception>
    public static IEnumerable<JsonProperty[]> Read(TextReader text)
    {
        for (var number = 1; text.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line))
                yield return Fields(line, number);
    }

    private static JsonProperty[] Fields(string line, int number)
    {
        try
        {
            return [.. JsonElement.Parse(line).EnumerateObject()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"line {number} is no JSON object", e);
        }
    }
}
