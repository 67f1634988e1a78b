using System.Text.Json;

namespace GanOnnx.Imaging;

/// <summary>From where on a detector says something, as its file has it.</summary>
/// <param name="Generated">The least probability that is called generated, above 0.5.</param>
/// <param name="Real">The largest probability that is called real, below 0.5.</param>
/// <param name="Familiar">The least familiarity of a picture that it says anything of.</param>
/// <param name="SmallestSide">The shortest side of a picture that it says anything of, in pixels.</param>
/// <param name="FalseAlarms">Of real pictures of its kinds, what part is called generated, 0 … 1: measured on some it didn't learn from.</param>
/// <param name="Kinds">What it learnt from, a sentence.</param>
public sealed record DetectorLimits(double Generated, double Real, double Familiar, int SmallestSide, double FalseAlarms, string Kinds)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What these numbers mean.</summary>
    internal DetectionAnswer Answer(double probability, double familiarity) => familiarity < Familiar ? DetectionAnswer.CannotTell
        : probability >= Generated ? DetectionAnswer.Generated : probability <= Real ? DetectionAnswer.Real : DetectionAnswer.CannotTell;

    /// <summary>As JSON, for a file's metadata.</summary>
    internal string Write() => JsonSerializer.Serialize(this, _json);

    /// <summary>Those of a text, or null where it has none that make sense.</summary>
    internal static DetectorLimits? Read(string? json)
    {
        try
        {
            return json is null || JsonSerializer.Deserialize<DetectorLimits>(json, _json) is not { } limits
                || limits is not { Generated: >= 0.5 and <= 1, Real: >= 0 and <= 0.5, Familiar: > 0 and <= 1, SmallestSide: >= 32 and <= 256, FalseAlarms: >= 0 and <= 1 }
                ? null : limits;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
