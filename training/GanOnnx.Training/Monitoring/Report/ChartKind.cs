namespace GanOnnx.Training.Monitoring.Report;

/// <summary>A chart of the report without its lines, which are the figures that name it.</summary>
/// <param name="Title">What is above it.</param>
/// <param name="Unit">What its value axis counts.</param>
/// <param name="Caption">How to read it.</param>
internal sealed record ChartKind(string Title, string Unit, string Caption)
{
    public static readonly ChartKind Losses = new("Losses", "loss",
        "The players work against each other, so neither falls to zero in a healthy run; a balance that drifts slowly is fine.");

    public static readonly ChartKind Verdict = new("The discriminator's verdict", "probability of being real",
        "Near 1 for real and near 0 for generated images: the discriminator is winning. Both near one half: it can't tell them apart.")
    { Range = (0, 1) };

    public static readonly ChartKind Scores = new("The critic's scores", "score",
        "Higher for images it takes for real. Only the distance between the two has a meaning: the smaller, the closer the images.");

    public static readonly ChartKind GradientNorms = new("Gradient norms", "norm",
        "How strongly each player is pushed. A sudden rise by orders of magnitude or a fall to nothing means trouble.")
    { Logarithmic = true };

    public static readonly ChartKind Variety = new("Variety of the samples", "standard deviation over images",
        "How much the samples differ from one another, in pixel values from −1 to 1. Far below the data's own: mode collapse.");

    public static readonly ChartKind FeatureVariety = new("Variety of the samples' features", "ratio to real images",
        "Distances between samples, by a network's features, beside those between real images: 1 is as varied as they are. What stays far below it "
        + "is mode collapse, also where each class has one picture. Near-duplicates are a share of the samples.")
    { Range = (0, 1.2) };

    public static readonly ChartKind Speed = new("Speed", "images per second",
        "Real images shown per second. Samples, checkpoints and whatever else the machine does take their part.");

    public static readonly ChartKind LearningRates =
        new("Learning rates", "learning rate", "The optimizers' step sizes at the end of each tick.")
        { Logarithmic = true };

    /// <summary>The value axis, or null to let the values decide.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>Whether values that span more than a decade get a logarithmic axis.</summary>
    public bool Logarithmic { get; init; }
}
