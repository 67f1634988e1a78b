using GanOnnx.Evaluation;
using GanOnnx.Inference;

namespace GanOnnx.Training.Evaluation;

/// <summary>What to evaluate, against what.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The fewest images: a covariance of as many features needs one more than there are.</summary>
    public const int FewestImages = Evaluation.Classifier.FeatureCount + 1;

    /// <summary>An .onnx file, or a folder with <c>model.onnx</c>.</summary>
    public required string Model { get; init; }

    /// <summary>How the model is loaded: what its pixels mean, where a file made by others doesn't say it. It runs on the CPU, whatever
    /// the device is.</summary>
    public ImageGeneratorOptions Loading { get; init; } = new();

    /// <summary>The real images, labelled: what <c>gan train --data</c> takes.</summary>
    public required string Data { get; init; }

    /// <summary>Which part of the data is meant where it is divided into some, as <c>test</c>. The default is null: it isn't.</summary>
    public string? Split { get; init; }

    /// <summary>How pictures that aren't square become it: <c>crop</c>, <c>pad</c> or <c>stretch</c>. The default is <c>crop</c>.</summary>
    public string Fit { get; init; } = "crop";

    /// <summary>How many images to generate, at least 129. Fewer images make the distance larger. The default is 10,000.</summary>
    public int Count { get; init; } = 10_000;

    /// <summary>The seed of the generated images. The default is 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The classifier's file: used if it is there, else trained and written. The default is null: a file in the user's
    /// application data, named by the data, its fingerprint and the images' size, so that every model of the same size is judged
    /// by the same classifier.
    /// </summary>
    public string? Classifier { get; init; }

    /// <summary>How often a classifier that has to be trained sees each image, 1 to 100. The default is 3.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>
    /// Whether to go on where the model and the real images differ in channels, size or classes. The real images are brought to the
    /// model's channels and size, and whether a label is obeyed is told only of classes that both have. The default is false.
    /// </summary>
    public bool AllowMismatch { get; init; }

    /// <summary>Names of <see cref="EvaluationMetrics"/>. The default is all that this library has.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = ["fd", "kid", "prdc"];

    internal void Validate()
    {
        if (OptionChoice.Of("fit").All(choice => choice.Name != Fit))
            throw new TrainingException($"There is no fit '{Fit}'; there are: "
                + $"{string.Join(", ", OptionChoice.Of("fit").Select(choice => choice.Name))}.");
        if (Metrics.FirstOrDefault(name => !EvaluationMetrics.Names.Contains(name)) is { } unknown)
            throw new TrainingException($"There is no metric '{unknown}'; there are: {string.Join(", ", EvaluationMetrics.Names)}.");
        if (Count < FewestImages)
            throw new TrainingException($"{Count} images are too few: the distance needs {FewestImages} at least, and 10,000 are "
                + "usual.");
        if (Epochs is < 1 or > 100)
            throw new TrainingException($"The classifier can be trained for 1 to 100 epochs, not {Epochs}.");
        if (Classifier is not null && Directory.Exists(Classifier))
            throw new TrainingException($"'{Classifier}' is a folder; a classifier is kept in a file.");
    }
}

/// <summary>What an evaluation is doing.</summary>
public enum EvaluationStage
{
    /// <summary>Decoding the real images.</summary>
    Decoding,

    /// <summary>Training the classifier.</summary>
    Training,

    /// <summary>Putting the real images through the classifier.</summary>
    Measuring,

    /// <summary>Generating images and putting them through the classifier.</summary>
    Generating,
}
