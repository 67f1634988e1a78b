using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanOnnx.Training.Monitoring.Report;

/// <summary>What <c>run.json</c> says, as tables: its own members, then one for each object in it. New members show without a change
/// here.</summary>
internal static class RunTables
{
    public static string ToHtml(JsonObject run)
    {
        if (run.Count == 0)
            return "";
        var own = Table("Run", run.Where(p => p.Value is not JsonObject && p.Key != "step"));
        var objects = run.Where(p => p.Value is JsonObject).Select(p => Table(Words(p.Key), (JsonObject)p.Value!));
        return $"<section><h2>Configuration</h2><div class=\"tables\">{string.Concat(objects.Prepend(own))}</div></section>";
    }

    private static string Table(string title, IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var rows = members.Select(p => $"<tr><th>{Encode(Words(p.Key))}</th><td>{Encode(Text(p.Value))}</td></tr>");
        return $"<table><caption>{Encode(title)}</caption><tbody>{string.Concat(rows)}</tbody></table>";
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "—",
        JsonArray array => array.Count == 0 ? "none" : string.Join(", ", array.Select(Text)),
        JsonObject nested => string.Join(", ", nested.Select(p => $"{Words(p.Key)} {Text(p.Value)}")),
        _ when value.GetValueKind() == JsonValueKind.True => "yes",
        _ when value.GetValueKind() == JsonValueKind.False => "no",
        _ => value.ToString(),
    };

    // dataFingerprint becomes "Data fingerprint".
    private static string Words(string name)
    {
        StringBuilder words = new();
        foreach (var c in name)
            words.Append(words.Length == 0 ? char.ToUpperInvariant(c).ToString() : char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}"
                : c.ToString());
        return words.ToString();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
