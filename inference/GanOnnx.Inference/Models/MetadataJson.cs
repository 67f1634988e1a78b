using System.Text.Json;
using System.Text.Json.Serialization;

namespace GanOnnx.Inference.Models;

/// <summary>The JSON values of the metadata, written without reflection. <see cref="JsonValue"/> reads them.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LatentJson))]
[JsonSerializable(typeof(PixelsJson))]
[JsonSerializable(typeof(QuantizationDescription))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(TrainingDescription))]
internal sealed partial class MetadataJson : JsonSerializerContext;

internal sealed record LatentJson(string Distribution, int Size)
{
    public static LatentJson From(LatentDescription latent) =>
        new(latent.Distribution.ToString().ToLowerInvariant(), latent.Size);

    public LatentDescription ToDescription() => new(
        Distribution switch
        {
            "normal" => LatentDistribution.Normal,
            "uniform" => LatentDistribution.Uniform,
            _ => throw Errors.UnknownDistribution(Distribution),
        },
        Size);
}

internal sealed record PixelsJson(float[] Range, string Channels)
{
    public static PixelsJson From(PixelDescription pixels) => new([pixels.Lowest, pixels.Highest], pixels.Channels);

    public PixelDescription ToDescription() => Range.Length == 2
        ? new() { Lowest = Range[0], Highest = Range[1], Channels = Channels }
        : throw Errors.WrongRange(Range.Length);
}
