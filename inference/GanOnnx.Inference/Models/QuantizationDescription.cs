namespace GanOnnx.Inference;

/// <summary>How a model that computes with bytes was made, and what it loses.</summary>
public sealed record QuantizationDescription
{
    /// <summary>What it computes in, as <c>int8</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>How many of its convolutions compute with bytes.</summary>
    public required int Layers { get; init; }

    /// <summary>How many convolutions it has.</summary>
    public required int LayersInAll { get; init; }

    /// <summary>The peak signal-to-noise ratio of its images to the float model's, in dB; 200 where they are equal.</summary>
    public required double Psnr { get; init; }

    /// <summary>How many images that is of.</summary>
    public required int Images { get; init; }

    /// <summary>The Fréchet distance of those images to the float model's, by ResNet-18's features. The default is null, unknown.</summary>
    public double? Distance { get; init; }

    /// <summary>The Fréchet distance to real images, by the same features. The default is null, unknown.</summary>
    public double? DistanceToData { get; init; }

    /// <summary>The float model's. The default is null, unknown.</summary>
    public double? FloatDistanceToData { get; init; }

    /// <summary>The SHA-256 of the float model's file. The default is null, unknown.</summary>
    public string? Of { get; init; }
}
