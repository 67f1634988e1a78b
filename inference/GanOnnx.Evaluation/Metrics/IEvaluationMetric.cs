namespace GanOnnx.Evaluation;

/// <summary>A way to tell how good generated images are: one figure or several that belong together.</summary>
public interface IEvaluationMetric
{
    /// <summary>What it tells, in a line.</summary>
    string Description { get; }

    /// <summary>Computes the figures; the same ones for the same sets, on any number of cores.</summary>
    /// <param name="sets">What is compared.</param>
    /// <param name="stop">Looked at again and again.</param>
    /// <exception cref="EvaluationException">There are too few images.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    IReadOnlyList<EvaluationFigure> Measure(EvaluationSets sets, CancellationToken stop = default);
}

/// <summary>What a metric compares, as feature vectors of one network.</summary>
public sealed record EvaluationSets
{
    /// <param name="real">The real images.</param>
    /// <param name="generated">The generated images.</param>
    /// <exception cref="ArgumentException">The vectors have not the same length: they are of two networks.</exception>
    public EvaluationSets(FeatureSet real, FeatureSet generated)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(generated);
        if (real.Size != generated.Size)
            throw new ArgumentException($"Features of {real.Size} and of {generated.Size} values are of two networks.", nameof(generated));
        (Real, Generated) = (real, generated);
    }

    /// <summary>The real images.</summary>
    public FeatureSet Real { get; }

    /// <summary>The generated images.</summary>
    public FeatureSet Generated { get; }

    /// <summary>The statistics of the real images. The default is that of <see cref="Real"/>; of more images where they are known.</summary>
    public FeatureStatistics RealStatistics
    {
        get => field ??= Real.Statistics();
        init;
    }

    /// <summary>The class of each real image, or −1. The default is null: there are no classes.</summary>
    public IReadOnlyList<int>? RealLabels { get; init; }

    /// <summary>The class that was asked for with each generated image, by the real ones' numbers, or −1. The default is null: none was
    /// asked for.</summary>
    public IReadOnlyList<int>? GeneratedLabels { get; init; }

    /// <summary>Real images that aren't among <see cref="Real"/>. The default is null: there are none.</summary>
    public FeatureSet? HeldOut { get; init; }

    /// <summary>Where a metric's random choices come from. The default is 0.</summary>
    public ulong Seed { get; init; }
}

/// <summary>A figure of an evaluation.</summary>
/// <param name="Name">Its name, as <c>recall</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Description">What it is, its range, and which way is better.</param>
public sealed record EvaluationFigure(string Name, double Value, string Description)
{
    /// <summary>The standard deviation over the random choices that were made. The default is null: none were.</summary>
    public double? Deviation { get; init; }

    /// <summary>Where the value lies with other generated images, as many, of the same kind: 95 %, by a bootstrap of 1,000 draws. The
    /// default is null: it isn't known.</summary>
    public Interval? Interval { get; init; }

    /// <summary>Whether noise is at its bad end and real images are at its good one. The default is true.</summary>
    public bool HasScale { get; init; } = true;
}

/// <summary>From a value to a higher one.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The higher end.</param>
public readonly record struct Interval(double Low, double High);
