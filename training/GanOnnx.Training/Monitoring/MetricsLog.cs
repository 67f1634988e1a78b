using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GanOnnx.Data;
using GanOnnx.Shared;

namespace GanOnnx.Training.Monitoring;

/// <summary>A run's ticks, one JSON object a line.</summary>
internal sealed class MetricsLog(string path)
{
    public const string FileName = "metrics.jsonl";

    // What every line has had in every version. A damaged line still shows some of it.
    private static readonly string[] _marks =
        ["\"step\":", "\"images\":", "\"imagesPerSecond\":", "\"discriminatorLoss\":", "\"generatorLoss\":", "\"warnings\":"];

    private static readonly JsonSerializerOptions _json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Append(Tick tick)
    {
        var line = JsonSerializer.Serialize(tick, _json) + "\n";
        // The first line makes the file, so that a killed run never leaves an empty one, which nobody could tell from a stranger's.
        OwnFile.Check(path, IsOne);
        if (File.Exists(path))
            File.AppendAllText(path, line);
        else
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(line)), makeFolder: false);
    }

    /// <summary>Whether a file is a run's log: a line of it, be it damaged, has most of the figures of a tick.</summary>
    public static bool IsOne(string path) => File.ReadLines(path).Any(line =>
        _marks.Count(mark => line.Contains(mark, StringComparison.Ordinal)) > _marks.Length / 2);

    /// <summary>The ticks written so far, oldest first; a damaged line is left out.</summary>
    public IReadOnlyList<Tick> Read() =>
        File.Exists(path) ? [.. File.ReadLines(path).Select(Parse).OfType<Tick>()] : [];

    /// <summary>Drops lines that a stopped run wrote after its last checkpoint, and damaged ones.</summary>
    public void TruncateAfter(long step)
    {
        if (!File.Exists(path))
            return;
        OwnFile.Check(path, IsOne);
        var kept = File.ReadLines(path).Where(line => Parse(line) is { } tick && tick.Step <= step).ToArray();
        if (kept.Length == 0)
            File.Delete(path);
        else
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(kept.Select(line => line + "\n")))),
                makeFolder: false);
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
}
