using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GanOnnx.Imaging.Internals;

namespace GanOnnx.Training.Monitoring;

/// <summary>A run's ticks, one JSON object a line.</summary>
internal sealed class MetricsLog(string path)
{
    public const string FileName = "metrics.jsonl";

    // A regularizer's figure that is no number must not end the run for the log's sake.
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public void Append(Tick tick) => File.AppendAllText(path, JsonSerializer.Serialize(tick, _json) + "\n");

    /// <summary>The ticks written so far, oldest first; a half-written line is left out.</summary>
    public IReadOnlyList<Tick> Read() =>
        File.Exists(path) ? [.. File.ReadLines(path).Select(Parse).OfType<Tick>()] : [];

    /// <summary>Drops lines that a stopped run wrote after its last checkpoint, a half-written one among them.</summary>
    public void TruncateAfter(long step)
    {
        if (!File.Exists(path))
            return;
        var kept = File.ReadLines(path).Where(line => StepOf(line) <= step).ToArray();
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(kept.Select(line => line + "\n")))));
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
