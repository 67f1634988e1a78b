using GanOnnx.Training.Monitoring.Report;

namespace GanOnnx.Training.Monitoring;

/// <summary>
/// The table of training's figures, in the order they are shown. A new one is a line here and an
/// <see cref="Measurements"/> call where it is measured.
/// </summary>
public static class Figures
{
    private static readonly List<Figure> _all = [];

    /// <summary>The mean of the discriminator's loss.</summary>
    public static Figure DiscriminatorLoss { get; } = Add(new("discriminator loss", "discriminatorLoss")
    {
        Tag = "loss/discriminator",
        Chart = ChartKind.Losses,
        Line = "discriminator",
        Tile = "Discriminator's loss",
        Row = "loss",
        Text = "  loss D {0:0.000}"
    });

    /// <summary>The mean of the generator's loss.</summary>
    public static Figure GeneratorLoss { get; } = Add(new("generator loss", "generatorLoss")
    {
        Tag = "loss/generator",
        Chart = ChartKind.Losses,
        Line = "generator",
        Tile = "Generator's loss",
        Row = "loss",
        Text = " G {0:0.000}"
    });

    /// <summary>The mean score of real images under a loss whose scores are no logits (Wasserstein, hinge, least squares).</summary>
    public static Figure RealScore { get; } = Add(new("real score", "realScore")
    {
        Tag = "score/real",
        Chart = ChartKind.Scores,
        Line = "real",
        Tile = "Score, real images",
        Row = "score real, generated",
        Text = "  score real {0:0.00}"
    });

    /// <summary>The mean score of generated images under such a loss.</summary>
    public static Figure FakeScore { get; } = Add(new("fake score", "fakeScore")
    {
        Tag = "score/generated",
        Chart = ChartKind.Scores,
        Line = "generated",
        Tile = "Score, generated",
        Row = "score real, generated",
        Text = " generated {0:0.00}"
    });

    /// <summary>D(x): the mean probability the discriminator gives real images, 0 … 1.</summary>
    public static Figure RealProbability { get; } = Add(new("D(x)", "realProbability")
    {
        Tag = "probability/real",
        Chart = ChartKind.Verdict,
        Line = "D(x), real",
        Tile = "D(x), real images",
        Row = "D(x), D(G(z))",
        Text = "  D(x) {0:0.00}",
        Unless = RealScore
    });

    /// <summary>D(G(z)): the mean probability it gives generated ones, 0 … 1.</summary>
    public static Figure FakeProbability { get; } = Add(new("D(G(z))", "fakeProbability")
    {
        Tag = "probability/generated",
        Chart = ChartKind.Verdict,
        Line = "D(G(z)), generated",
        Tile = "D(G(z)), generated",
        Row = "D(x), D(G(z))",
        Text = "  D(G(z)) {0:0.00}",
        Unless = FakeScore
    });

    /// <summary>The mean score of held-out real images under a loss whose scores are no logits.</summary>
    public static Figure HeldOutScore { get; } = Add(new("held-out score", "heldOutScore")
    { Tag = "score/held out", Chart = ChartKind.Scores, Line = "real, held out" });

    /// <summary>The mean probability it gives real images that it isn't trained on, 0 … 1.</summary>
    public static Figure HeldOutProbability { get; } = Add(new("D(held out)", "heldOutProbability")
    {
        Tag = "probability/held out",
        Chart = ChartKind.Verdict,
        Line = "D(held out), real",
        Unless = HeldOutScore
    });

    /// <summary>
    /// r_v of Karras et al. 2020: how far from the images trained on, towards generated ones, the discriminator puts held-out real images.
    /// 0: it sees no difference to those trained on; 1: it takes them for generated ones.
    /// </summary>
    public static Figure Overfitting { get; } = Add(new("overfitting", "overfitting")
    {
        Tag = "overfitting/r_v",
        Chart = new("Overfitting of the discriminator", "r_v", "How far from the images trained on, towards generated ones, the discriminator puts "
        + "real images that it isn't trained on. 0: it sees no difference; near 1: it knows those trained on by heart."),
        Line = "r_v",
        Tile = "Overfitting (r_v)",
        Text = "  overfitting {0:0.00}",
        Format = "0.00"
    });

    /// <summary>The mean Euclidean norm of the discriminator's gradient, before clipping.</summary>
    public static Figure DiscriminatorGradientNorm { get; } = Add(new("discriminator gradient norm", "discriminatorGradientNorm")
    {
        Tag = "gradient norm/discriminator",
        Chart = ChartKind.GradientNorms,
        Line = "discriminator",
        Format = "0.0e+0",
        Row = "gradient norm",
        Text = "  gradient D {0:0.0e+0}"
    });

    /// <summary>The mean Euclidean norm of the generator's gradient, before clipping.</summary>
    public static Figure GeneratorGradientNorm { get; } = Add(new("generator gradient norm", "generatorGradientNorm")
    {
        Tag = "gradient norm/generator",
        Chart = ChartKind.GradientNorms,
        Line = "generator",
        Format = "0.0e+0",
        Row = "gradient norm",
        Text = " G {0:0.0e+0}"
    });

    /// <summary>How much the sampled images differ: the standard deviation over images, averaged over pixels, in −1 … 1.</summary>
    public static Figure SampleDeviation { get; } = Add(new("samples' deviation", "sampleDeviation")
    { Tag = "samples/deviation", Chart = ChartKind.Variety, Line = "samples", Tile = "Samples' deviation", Row = "deviation, images/s" });

    /// <summary>Distances between samples by their features, as a ratio to those between real images.</summary>
    public static Figure Variety { get; } = Add(new("variety", "variety")
    { Tag = "samples/variety", Chart = ChartKind.FeatureVariety, Line = "over all", Tile = "Variety", Text = "  variety {0:0.00}" });

    /// <summary>The same within each class, their mean.</summary>
    public static Figure VarietyInClasses { get; } = Add(new("variety in classes", "varietyInClasses")
    { Tag = "samples/variety in classes", Chart = ChartKind.FeatureVariety, Line = "within classes", Tile = "Variety in classes" });

    /// <summary>The share of samples with another one nearer than any two of as many real images are.</summary>
    public static Figure NearDuplicates { get; } = Add(new("near-duplicates", "nearDuplicates")
    { Tag = "samples/near-duplicates", Chart = ChartKind.FeatureVariety, Line = "near-duplicates" });

    /// <summary>Seconds that the tick's evaluation took; training's speed is told without it.</summary>
    public static Figure EvaluationSeconds { get; } = Add(new("evaluation seconds", "evaluationSeconds")
    { Tag = "speed/evaluation seconds", Format = "0.0" });

    /// <summary>Real images shown per second.</summary>
    public static Figure ImagesPerSecond { get; } = Add(new("images per second", "imagesPerSecond")
    {
        Tag = "speed/images per second",
        Chart = ChartKind.Speed,
        Line = "training",
        Tile = "Images per second",
        Format = "#,0",
        Row = "deviation, images/s"
    });

    /// <summary>The discriminator's learning rate at the tick's end.</summary>
    public static Figure DiscriminatorLearningRate { get; } = Add(new("discriminator learning rate", "discriminatorLearningRate")
    { Tag = "learning rate/discriminator", Chart = ChartKind.LearningRates, Line = "discriminator" });

    /// <summary>The generator's learning rate at the tick's end.</summary>
    public static Figure GeneratorLearningRate { get; } = Add(new("generator learning rate", "generatorLearningRate")
    { Tag = "learning rate/generator", Chart = ChartKind.LearningRates, Line = "generator" });

    /// <summary>The mean probability of each change of an adaptive augmentation (ADA), 0 … 1.</summary>
    public static Figure AugmentationProbability { get; } = Add(new("augmentation probability", "augmentationProbability")
    {
        Tag = "augmentation/probability",
        Chart = new("Augmentation", "probability", "How often each change is made to the images that the discriminator sees. It rises while "
        + "the discriminator learns the real ones by heart; near 1 there are too few of them.")
        { Range = (0, 1) },
        Line = "probability",
        Tile = "Augmentation's probability",
        Text = "  augmented {0:0.00}",
    });

    /// <summary>The process's resident memory at the tick's end, in MiB.</summary>
    public static Figure Memory { get; } = Add(new("resident memory", "residentMemory")
    {
        Tag = "memory/resident MiB",
        Chart = new("Memory", "MiB", "The process's resident memory at the end of each tick. A steady rise is a leak; a jump, a larger "
        + "part of the data in memory."),
        Line = "resident",
        Format = "#,0"
    });

    /// <summary>All lines of the table.</summary>
    public static IReadOnlyList<Figure> All => _all;

    private static Figure Add(Figure figure)
    {
        _all.Add(figure);
        return figure;
    }
}
