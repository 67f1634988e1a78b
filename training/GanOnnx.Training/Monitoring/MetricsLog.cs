using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GanOnnx.Shared;

namespace GanOnnx.Training.Monitoring;

/// <summary>A run's ticks, one JSON object a line.</summary>
internal sealed class MetricsLog(string path)
{
    public const string FileName = "metrics.jsonl";

    private static readonly JsonSerializerOptions _json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Append(Tick tick)
    {
        var line = JsonSerializer.Serialize(tick, _json) + "\n";
        // The first line makes the file, so that a killed run never leaves an empty one, which nobody could tell from a stranger's.
        if (File.Exists(path))
            File.AppendAllText(path, line);
        else
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(line)));
    }

    /// <summary>Whether a file is a run's log: a line of it has the figures of a tick.</summary>
    public static bool IsOne(string path) => File.ReadLines(path).Any(HasFigures);

    /// <summary>The ticks written so far, oldest first; a half-written line is left out.</summary>
    public IReadOnlyList<Tick> Read() =>
        File.Exists(path) ? [.. File.ReadLines(path).Select(Parse).OfType<Tick>()] : [];

    /// <summary>Drops lines that a stopped run wrote after its last checkpoint, a half-written one among them.</summary>
    public void TruncateAfter(long step)
    {
        if (!File.Exists(path))
            return;
        OwnFile.Check(path, IsOne);
        var kept = File.ReadLines(path).Where(line => StepOf(line) <= step).ToArray();
        if (kept.Length == 0)
            File.Delete(path);
        else
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(kept.Select(line => line + "\n")))));
    }

    private static bool HasFigures(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject tick
                && new[] { "step", "images", "imagesPerSecond", "warnings" }.All(tick.ContainsKey);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Tick? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Tick>(line, _json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long StepOf(string line)
    {
        try
        {
            return JsonNode.Parse(line)!["step"]!.GetValue<long>();
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            return long.MaxValue;
        }
    }
}
