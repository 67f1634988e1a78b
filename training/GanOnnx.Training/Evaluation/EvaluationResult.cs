using GanOnnx.Evaluation;

namespace GanOnnx.Training.Evaluation;

/// <summary>How good a model's images are, by a classifier that was trained on the real ones.</summary>
public sealed record EvaluationResult
{
    /// <summary>The model's file.</summary>
    public required string Model { get; init; }

    /// <summary>The model file's SHA-256.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>How many images were generated.</summary>
    public required int Images { get; init; }

    /// <summary>Their seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// The metrics' figures, on the classifier's features, against the real images that the classifier learnt from: all of them for
    /// the Fréchet distance, as many as were generated for the others. They compare models that the same classifier judged, and are
    /// not comparable with published ones, as FID, which are on the Inception network's features.
    /// </summary>
    public required IReadOnlyList<EvaluationFigure> Figures { get; init; }

    /// <summary>
    /// The Fréchet distance of the held-out real images: what a perfect model would have with as many images as were held out. It
    /// is above 0 because few images never have quite the same statistics as many, and grows as their number shrinks.
    /// </summary>
    public required double RealDistance { get; init; }

    /// <summary>The features' total variance as a ratio to the real images': well below 1 where a model's images resemble each
    /// other.</summary>
    public required double Spread { get; init; }

    /// <summary>
    /// The exponential of the entropy of the classes recognised: from 1, where all images are of one class, to the number of
    /// classes, where they are even.
    /// </summary>
    public required double EffectiveClasses { get; init; }

    /// <summary>The share of a conditional model's images in which the classifier recognises the class asked for; null for an unconditional
    /// one.</summary>
    public required double? LabelAccuracy { get; init; }

    /// <summary>Class by class, in the data's order.</summary>
    public required IReadOnlyList<ClassResult> Classes { get; init; }

    /// <summary>Who judged.</summary>
    public required ClassifierSummary Classifier { get; init; }
}

/// <summary>One class's figures, as shares from 0 to 1.</summary>
/// <param name="Name">The class in the data.</param>
/// <param name="Share">The generated images recognised as this class.</param>
/// <param name="RealShare">The real images of this class.</param>
/// <param name="Accuracy">Of the images asked for as this class, those recognised as it; null where none was asked for.</param>
/// <param name="RealAccuracy">Of the held-out real images of this class, those recognised as it; null where there is none.</param>
/// <param name="TakenFor">What the others of those asked for as this class are taken for, the most frequent first.</param>
public sealed record ClassResult(string Name, double Share, double RealShare, double? Accuracy, double? RealAccuracy,
    IReadOnlyList<ClassShare> TakenFor);

/// <summary>A class and its share, from 0 to 1.</summary>
public sealed record ClassShare(string Name, double Share);

/// <summary>The classifier of an evaluation.</summary>
/// <param name="File">Its file.</param>
/// <param name="Sha256">The file's SHA-256: figures compare only where it is the same.</param>
/// <param name="Accuracy">The share of held-out real images that it recognises.</param>
/// <param name="Data">What it was trained on.</param>
/// <param name="DataFingerprint">The SHA-256 of the decoded images.</param>
/// <param name="LearntFrom">How many images it learnt from.</param>
/// <param name="HeldOut">How many images it didn't see.</param>
/// <param name="Epochs">How often it saw each.</param>
public sealed record ClassifierSummary(string File, string Sha256, double Accuracy, string Data, string DataFingerprint, int LearntFrom,
    int HeldOut, int Epochs);
