using System.Text.Json.Serialization;

namespace GanOnnx.Evaluation;

/// <summary>How near the pictures that a model makes of pictures come to those that it should make.</summary>
public sealed record PairEvaluationResult
{
    /// <summary>The model's file; or what <see cref="PairEvaluationOptions.ModelName"/> calls it.</summary>
    public required string Model { get; init; }

    /// <summary>The model file's SHA-256.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>What people call the data.</summary>
    public required string Data { get; init; }

    /// <summary>The source of the targets; null where the inputs were made of the data.</summary>
    public required string? Target { get; init; }

    /// <summary>How many times larger the model makes pictures, where the inputs were made for it; null with targets.</summary>
    public required int? Scale { get; init; }

    /// <summary>Each picture, in the data's order.</summary>
    public required IReadOnlyList<PictureFigures> Pictures { get; init; }

    /// <summary>The means of <see cref="PictureFigures.Model"/>.</summary>
    public required PictureSimilarity Mean { get; init; }

    /// <summary>The means of <see cref="PictureFigures.Bicubic"/>; null with targets.</summary>
    public required PictureSimilarity? BicubicMean { get; init; }

    /// <summary>What has to be known to read the figures, a sentence each.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}

/// <summary>How near one picture comes to its target.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Width">The target's width in pixels.</param>
/// <param name="Height">The target's height in pixels.</param>
/// <param name="Model">What the model makes.</param>
/// <param name="Bicubic">What bicubic enlarging makes of the same input; null with targets.</param>
public sealed record PictureFigures(string Name, int Width, int Height, PictureSimilarity Model, PictureSimilarity? Bicubic);

/// <summary>How alike two pictures are.</summary>
/// <param name="L1">Mean absolute difference of red, green and blue, of 0 … 255; null where inputs were made, as super-resolution isn't
/// told by it.</param>
/// <param name="Psnr">Peak signal-to-noise ratio in dB; infinite of equal pictures, in JSON <c>"Infinity"</c>.</param>
/// <param name="Ssim">Structural similarity, up to 1 (Z. Wang et al.: "Image Quality Assessment: From Error Visibility to Structural
/// Similarity", 2004); null of pictures with a side below 11 pixels.</param>
public sealed record PictureSimilarity(double? L1,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Psnr, double? Ssim)
{
    /// <summary><see cref="L1"/> of 0 … 1.</summary>
    public double? L1Unit => L1 / byte.MaxValue;
}
