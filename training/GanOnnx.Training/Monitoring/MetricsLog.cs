using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.Imaging.Internals;

namespace GanOnnx.Training.Monitoring;

/// <summary>A run's ticks, one JSON object a line.</summary>
internal sealed class MetricsLog(string path)
{
    public const string FileName = "metrics.jsonl";

    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public void Append(Tick tick) => File.AppendAllText(path, JsonSerializer.Serialize(tick, _json) + "\n");

    /// <summary>Drops lines that a stopped run wrote after its last checkpoint, a half-written one among them.</summary>
    public void TruncateAfter(long step)
    {
        if (!File.Exists(path))
            return;
        var kept = File.ReadLines(path).Where(line => StepOf(line) <= step).ToArray();
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(kept.Select(line => line + "\n")))));
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
