using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>What to evaluate, against what.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The fewest images of each kind.</summary>
    public const int FewestImages = 10;

    /// <summary>How many images published figures are computed with, at least.</summary>
    public const int UsualCount = 10_000;

    /// <summary>An .onnx file, a folder with <c>model.onnx</c>, or pictures of anybody's: a data source.</summary>
    public required string Subject { get; init; }

    /// <summary>What results, the page and messages call it. The default is null: its path.</summary>
    public string? SubjectName { get; init; }

    /// <summary>The real images: what <c>gan train --data</c> takes.</summary>
    public required string Data { get; init; }

    /// <summary>Which part of the data is meant where it is divided into some, as <c>test</c>. The default is null: it isn't.</summary>
    public string? Split { get; init; }

    /// <summary>How pictures that aren't square become it: <c>crop</c>, <c>pad</c> or <c>stretch</c>. The default is <c>crop</c>.</summary>
    public string Fit { get; init; } = "crop";

    /// <summary>How many images of each kind, at most, at least 10. Fewer make a Fréchet distance larger. The default is 10,000.</summary>
    public int Count { get; init; } = UsualCount;

    /// <summary>The seed of the generated images and of the metrics' random choices. The default is 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>What the generated images are truncated by, see <see cref="Sample.Truncation"/>. The default is null: not at all.</summary>
    public float? Truncation { get; init; }

    /// <summary>Truncations that the figures are told at as well, for models that take one. The default is none.</summary>
    public IReadOnlyList<float> Sweep { get; init; } = [];

    /// <summary>Names of <see cref="EvaluationMetrics"/>. The default is all that this library has.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = ["fd", "kid", "prdc", "variety", "copies"];

    /// <summary>The .onnx file of a feature network of one's own. The default is null: ResNet-18.</summary>
    public string? Features { get; init; }

    /// <summary>How images become the size that network takes. The default is <see cref="Resizing.Clean"/>.</summary>
    public Resizing Resizing { get; init; } = Resizing.Clean;

    /// <summary>What that network's input means, where its file doesn't say it.</summary>
    public PixelFormat FeaturePixels { get; init; } = new();

    /// <summary>A classifier's .onnx file, as <c>gan classifier</c> writes it, which tells whether labels are obeyed and whether all
    /// classes
    /// are made. The default is null: that isn't told.</summary>
    public string? Classifier { get; init; }

    /// <summary>How the model is loaded and run.</summary>
    public ImageGeneratorOptions Generator { get; init; } = new();

    /// <summary>
    /// Whether to go on where the model and the real images differ in channels, size or classes. The real images are brought to the
    /// model's channels and size. The default is false.
    /// </summary>
    public bool AllowMismatch { get; init; }

    internal void Validate()
    {
        if (Metrics.FirstOrDefault(name => !EvaluationMetrics.Names.Contains(name)) is { } unknown)
            throw new EvaluationException($"There is no metric '{unknown}'; there are: {string.Join(", ", EvaluationMetrics.Names)}.");
        if (Count < FewestImages)
            throw new EvaluationException($"{Count} images are too few: {FewestImages} are needed at least, and {UsualCount:#,0} are usual.");
    }
}

/// <summary>What an evaluation is doing.</summary>
public enum EvaluationStage
{
    /// <summary>Putting the real images through the network.</summary>
    Real,

    /// <summary>Putting noise through the network.</summary>
    Noise,

    /// <summary>Making images and putting them through the network.</summary>
    Generated,

    /// <summary>Computing the figures.</summary>
    Figures,
}
