namespace GanOnnx.Inference;

/// <summary>How a model came about.</summary>
public sealed record TrainingDescription
{
    /// <summary>The data set's name. The default is null, unknown.</summary>
    public string? Data { get; init; }

    /// <summary>How many real images the training saw, repetitions counted. The default is null, unknown.</summary>
    public long? ImagesSeen { get; init; }

    /// <summary>The loss's name, as <c>hinge</c>. The default is null, unknown.</summary>
    public string? Loss { get; init; }

    /// <summary>The seed of the training. The default is null, unknown.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The program that trained it and its version. The default is null, unknown.</summary>
    public string? Tool { get; init; }

    /// <summary>Figures of the evaluation while it was trained, of at most 2,000 images by ResNet-18's features, as <c>fd</c>. The default
    /// is
    /// null, unknown.</summary>
    public IReadOnlyDictionary<string, double>? Figures { get; init; }
}
