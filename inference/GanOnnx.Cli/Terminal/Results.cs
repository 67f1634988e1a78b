using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GanOnnx.Cli.Terminal;

/// <summary>A verb's result on standard output: text for people, or one JSON object.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>The option every verb has.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print the result as one JSON object." };

    public static void Print(bool json, object result, string text) =>
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(result, _json) : text);
}
