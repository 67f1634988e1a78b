using GanOnnx.Inference;

namespace GanOnnx.Quantization;

/// <summary>How a model is quantized and what the result has to hold.</summary>
public sealed record QuantizationOptions
{
    /// <summary>The fewest images of a verification.</summary>
    public const int FewestImages = 16;

    /// <summary>What messages call the model. The default is null: its path.</summary>
    public string? ModelName { get; init; }

    /// <summary>What of a value's range gets the 256 steps. The default is <see cref="ActivationRanges.LeastError"/>.</summary>
    public ActivationRanges Ranges { get; init; } = ActivationRanges.LeastError;

    /// <summary>How many images ranges are measured with, at least 16. The default is 256.</summary>
    public int CalibrationImages { get; init; } = 256;

    /// <summary>How many images are compared with those of the float model, at least 16. The default is 1,000.</summary>
    public int VerifiedImages { get; init; } = 1000;

    /// <summary>
    /// The least peak signal-to-noise ratio to the float model's images, in dB, above 0; 38 is a difference of three of 255 steps. Layers
    /// that lose most stay in float32 until it is reached. The default is 38.
    /// </summary>
    public double MinPsnr { get; init; } = 38;

    /// <summary>
    /// Pictures, as <c>gan train --data</c> takes them. For a noise → image model real images: the Fréchet distance to them may be 2 %
    /// larger than the float model's, no more. For an image → image model those that go in, every second one to measure ranges and the
    /// others to verify; it needs them. The default is null: latents are drawn as in use, and only the two models' images are compared.
    /// </summary>
    public string? Data { get; init; }

    /// <summary>Which part of the data is meant where it is divided into some, as <c>test</c>. The default is null: it isn't.</summary>
    public string? Split { get; init; }

    /// <summary>How many images of each kind are compared with real ones, at most, at least 16. The default is 10,000.</summary>
    public int DataImages { get; init; } = 10_000;

    /// <summary>Whether the model is to make uint8 <c>[N, H, W, C]</c>. The default is false: outputs stay as they are.</summary>
    public bool ByteImages { get; init; }

    /// <summary>What a model that GanOnnx didn't write means, for those that make images of noise.</summary>
    public ImageGeneratorOptions Generator { get; init; } = new();

    /// <summary>The same for those that make images of images.</summary>
    public ImageTranslatorOptions Translator { get; init; } = new();
}

/// <summary>What of a value's range gets the 256 steps of a byte; what lies outside becomes the nearest.</summary>
public enum ActivationRanges
{
    /// <summary>The part with the least mean squared error.</summary>
    LeastError,

    /// <summary>All that was seen.</summary>
    MinMax,

    /// <summary>All but a ten-thousandth.</summary>
    Percentile,
}

/// <summary>What a quantization is doing.</summary>
public enum QuantizationStage
{
    /// <summary>Measuring ranges.</summary>
    Calibrating,

    /// <summary>Measuring what each layer loses.</summary>
    Layers,

    /// <summary>Comparing images with those of the float model.</summary>
    Verifying,

    /// <summary>Comparing images with real ones.</summary>
    Distance,
}
