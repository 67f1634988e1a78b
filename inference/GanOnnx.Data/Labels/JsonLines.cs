using System.Text.Json;

namespace GanOnnx.Data;

/// <summary>Reads files with a JSON object in each line.</summary>
internal static class JsonLines
{
    /// <summary>What is read of each line; blank lines are passed over.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="read">Reads the fields of one.</param>
    /// <exception cref="InvalidDataException">A line is no JSON object, or <paramref name="read"/> threw that of it.</exception>
    public static IEnumerable<T> Read<T>(TextReader text, Func<JsonProperty[], T> read)
    {
        for (var number = 1; text.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line))
                yield return Of(Fields(line, number), number, read);
    }

    private static T Of<T>(JsonProperty[] fields, int number, Func<JsonProperty[], T> read)
    {
        try
        {
            return read(fields);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"line {number}: {e.Message}", e);
        }
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
