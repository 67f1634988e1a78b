using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GanOnnx.Inference.Models;

/// <summary>The JSON values of the metadata, written without reflection. <see cref="JsonValue"/> reads them.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AudioDescription))]
[JsonSerializable(typeof(VideoDescription))]
[JsonSerializable(typeof(LatentJson))]
[JsonSerializable(typeof(PixelsJson))]
[JsonSerializable(typeof(QuantizationDescription))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(TextJson))]
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

internal sealed record TextJson(string Encoder, string Sha256, int Size, string[] Examples, string Vectors)
{
    public static TextJson From(TextDescription text) =>
        new(text.Encoder, text.Sha256, text.Size, [.. text.Examples], Write(text.Vectors.Span));

    /// <exception cref="JsonException">They aren't Base64 of whole numbers of float32.</exception>
    public static float[] Values(string base64)
    {
        var bytes = new byte[base64.Length / 4 * 3];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length % sizeof(float) != 0)
            throw new JsonException();
        var values = new float[length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }

    private static string Write(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return Convert.ToBase64String(bytes);
    }
}

internal sealed record PixelsJson(float[] Range, string Channels)
{
    public static PixelsJson From(PixelDescription pixels) => new([pixels.Lowest, pixels.Highest], pixels.Channels);

    public PixelDescription ToDescription() => Range.Length == 2
        ? new() { Lowest = Range[0], Highest = Range[1], Channels = Channels }
        : throw Errors.WrongRange(Range.Length);
}
