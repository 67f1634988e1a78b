using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GanOnnx.CommandLine;

/// <summary>A verb's result on standard output: text for people, or one JSON object.</summary>
public static class Results
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>The option every verb has.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print the result as one JSON object." };

    /// <summary>Prints the result as the one or the other.</summary>
    public static void Print(bool json, object result, string text) =>
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(result, _json) : text);
}
