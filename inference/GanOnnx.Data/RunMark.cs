using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanOnnx.Data;

/// <summary>How the folder of a training run is told from people's own: the pictures that a run draws there are no data.</summary>
internal static class RunMark
{
    /// <summary>The file that describes a run.</summary>
    public const string FileName = "run.json";

    /// <summary>The folder beside it that has the run's samples.</summary>
    public const string Samples = "samples";

    /// <summary>The program's name, which begins what a run says of its tool.</summary>
    public const string Program = "GanOnnx";

    /// <summary>Whether a file describes a run: it names this program as its tool.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject run && run["tool"] is JsonValue value
                && value.TryGetValue<string>(out var tool) && tool.StartsWith(Program + " ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether a folder is where a run draws its samples.</summary>
    public static bool IsSamples(string folder)
    {
        if (Path.GetFileName(folder) != Samples)
            return false;
        var run = Path.Combine(Path.GetDirectoryName(folder)!, FileName);
        return File.Exists(run) && IsOne(run);
    }
}
