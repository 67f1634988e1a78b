namespace GanOnnx.Training.Monitoring.Report;

/// <summary>Which curves a report shows.</summary>
internal static class Charts
{
    /// <param name="ticks">At least one.</param>
    /// <param name="dataDeviation">How much the real images differ, or null.</param>
    public static IEnumerable<Chart> Of(IReadOnlyList<Tick> ticks, double? dataDeviation)
    {
        Series Line(string name, Func<Tick, double?> figure) => new(name, [.. ticks.Select(figure)]);
        Chart[] charts =
        [
            new("Losses", "loss", "The players work against each other, so neither falls to zero in a healthy run; a balance that drifts slowly is fine.",
                Line("discriminator", t => t.DiscriminatorLoss), Line("generator", t => t.GeneratorLoss)),
            new("The discriminator's verdict", "probability of being real", "Near 1 for real and near 0 for generated images: the discriminator is winning. Both near one half: it can't tell them apart.",
                Line("D(x), real", t => t.ScoresAreLogits ? t.RealProbability : null), Line("D(G(z)), generated", t => t.ScoresAreLogits ? t.FakeProbability : null)) { Range = (0, 1) },
            new("The critic's scores", "score", "Higher for images it takes for real. Only the distance between the two has a meaning: the smaller, the closer the images.",
                Line("real", t => t.RealScore), Line("generated", t => t.FakeScore)),
            new("Gradient norms", "norm", "How strongly each player is pushed. A sudden rise by orders of magnitude or a fall to nothing means trouble.",
                Line("discriminator", t => t.DiscriminatorGradientNorm), Line("generator", t => t.GeneratorGradientNorm)) { Logarithmic = true },
            new("Variety of the samples", "standard deviation over images", "How much the samples differ from one another, in pixel values from −1 to 1. Far below the data's own: mode collapse.",
                Line("samples", t => t.SampleDeviation)) { Reference = dataDeviation is { } d ? new("data", [d]) : null },
            new("Speed", "images per second", "Real images shown per second. Samples, checkpoints and whatever else the machine does take their part.",
                Line("training", t => t.ImagesPerSecond)),
            new("Learning rates", "learning rate", "The optimizers' step sizes at the end of each tick.",
                Line("discriminator", t => t.DiscriminatorLearningRate), Line("generator", t => t.GeneratorLearningRate)) { Logarithmic = true },
            .. ticks.SelectMany(t => t.Extras.Keys).Distinct().Order(StringComparer.Ordinal).Select(name =>
                new Chart(name, name, "A figure of a regularizer or of augmentation.", Line(name, t => t.Extras.TryGetValue(name, out var value) ? value : null))),
        ];
        return charts.Where(chart => chart.HasValues);
    }
}
