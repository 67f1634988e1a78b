using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanOnnx.Training;

/// <summary>The file <c>run.json</c> of a run's folder: options, versions, the data's fingerprint.</summary>
internal static class RunDescription
{
    public const string FileName = "run.json";

    /// <summary>The program's name, which begins what a run says of its tool.</summary>
    public const string Program = "GanOnnx";

    /// <summary>Whether a file is one: it names this program as its tool.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject run && run["tool"] is JsonValue value
                && value.TryGetValue<string>(out var tool) && tool.StartsWith(Program + " ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
