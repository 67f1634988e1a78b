using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Http;

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

    /// <summary>Says in the headers which sample it is: its seed, and its class, also where that was drawn.</summary>
    public static void SayWhich(HttpResponse response, ModelDescription model, Sample sample)
    {
        response.Headers["X-Seed"] = sample.Seed.ToString(CultureInfo.InvariantCulture);
        int? drawn = model.Classes.Count > 0 ? LatentSampler.Label(sample.Seed, sample.Index, model.Classes.Count) : null;
        if (model.IsConditional && (sample.Label ?? drawn) is { } label)
            response.Headers["X-Label"] = label.ToString(CultureInfo.InvariantCulture);
    }
}
