using System.Text.Encodings.Web;
using System.Text.Json;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>How answers are written.</summary>
internal static class Answers
{
    /// <summary>Names as OpenAI and KServe have them. Browsers take JSON for nothing else, so quotes and letters stay readable.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
