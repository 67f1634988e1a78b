using System.Globalization;
using System.Text.Json.Serialization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;

namespace GanOnnx.Trust;

/// <summary>What a detector says of a picture without marks.</summary>
/// <param name="Answer"><c>generated</c>, <c>real</c> or <c>cannot-tell</c>.</param>
/// <param name="Probability">That it was generated, 0 … 1; null where the detector doesn't know pictures of this kind.</param>
/// <param name="Limits">What the answer is worth.</param>
internal sealed record FoundDetection(string Answer, double? Probability, DetectorLimits Limits)
{
    private const string Name = "detector";

    /// <summary>The answer in words, with what it is worth.</summary>
    [JsonIgnore]
    public string Sentence => $"detector: {Answer switch
    {
        "generated" => string.Create(CultureInfo.InvariantCulture, $"it looks generated (probability {Probability:0.00}); that is no proof, and of real pictures of the kinds that it knows {Limits.FalseAlarms * 100:0.#} in 100 are called so"),
        "real" => string.Create(CultureInfo.InvariantCulture, $"it looks real (probability of being generated {Probability:0.00}); that is no proof"),
        _ => Probability is null ? "can't tell: it doesn't know pictures of this kind" : string.Create(CultureInfo.InvariantCulture,
            $"can't tell (probability of being generated {Probability:0.00})"),
    }}.";

    public static FoundDetection Of(Detection detection, DetectorLimits limits) => new(detection.Answer switch
    {
        DetectionAnswer.Generated => "generated",
        DetectionAnswer.Real => "real",
        _ => "cannot-tell",
    }, detection.Familiarity >= limits.Familiar ? detection.Probability : null, limits);

    /// <summary>The detector that is shipped; null where it isn't here.</summary>
    /// <exception cref="Inference.ModelException">It can't be loaded.</exception>
    public static PictureDetector? Shipped(CancellationToken stop) =>
        // No model that makes pictures, so it isn't called as those are.
        Path.Combine(ModelPath.Folder, Name, $"{Name}.onnx") is var path && File.Exists(path) ? PictureDetector.Load(path, stop) : null;
}
