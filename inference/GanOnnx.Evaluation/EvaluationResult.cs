namespace GanOnnx.Evaluation;

/// <summary>How good images are, beside real ones.</summary>
public sealed record EvaluationResult
{
    /// <summary>The model's file, or the pictures' source; or what <see cref="EvaluationOptions.SubjectName"/> calls it.</summary>
    public required string Subject { get; init; }

    /// <summary>The model file's SHA-256; null of pictures.</summary>
    public required string? ModelSha256 { get; init; }

    /// <summary>How many images were judged.</summary>
    public required int Images { get; init; }

    /// <summary>Their seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What they were truncated by, or null.</summary>
    public required float? Truncation { get; init; }

    /// <summary>The real images.</summary>
    public required RealSummary Real { get; init; }

    /// <summary>The network whose features they were compared by.</summary>
    public required NetworkSummary Network { get; init; }

    /// <summary>The figures, each on its scale.</summary>
    public required IReadOnlyList<ScaledFigure> Figures { get; init; }

    /// <summary>The figures at other truncations.</summary>
    public IReadOnlyList<TruncatedFigures> Sweep { get; init; } = [];

    /// <summary>What a classifier recognises; null where none was given.</summary>
    public ClassResults? Classes { get; init; }

    /// <summary>How clips move, beside real ones; null where images aren't frames of clips.</summary>
    public ClipResults? Clips { get; init; }

    /// <summary>The generated images that lie nearest to a real one, the nearest first; empty where copies weren't looked for.</summary>
    public IReadOnlyList<NearPair> Nearest { get; init; } = [];

    /// <summary>What has to be known to read the figures, a sentence each.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}

/// <summary>A figure between what real images would have and what noise has.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Real">That of other real images; null where there are none, or where it isn't told of them.</param>
/// <param name="Noise">That of noise; null where it isn't told of it.</param>
public sealed record ScaledFigure(EvaluationFigure Figure, double? Real, double? Noise);

/// <summary>The figures at a truncation.</summary>
/// <param name="Truncation">The truncation.</param>
/// <param name="Figures">The figures.</param>
public sealed record TruncatedFigures(float Truncation, IReadOnlyList<EvaluationFigure> Figures);

/// <summary>Real images.</summary>
/// <param name="Data">What people call them.</param>
/// <param name="Images">How many there are.</param>
/// <param name="Compared">How many were compared with.</param>
/// <param name="HeldOut">How many others stand for a perfect model.</param>
/// <param name="Size">At which height and width, in pixels.</param>
/// <param name="Channels">With how many channels.</param>
public sealed record RealSummary(string Data, int Images, int Compared, int HeldOut, int Size, int Channels);

/// <summary>A feature network.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="FrechetName">What a Fréchet distance of its features is called.</param>
/// <param name="Digest">The SHA-256 over its weights.</param>
/// <param name="Resizing">How images become its size.</param>
public sealed record NetworkSummary(string Name, string FrechetName, string Digest, Resizing Resizing);

/// <summary>A generated image and the real one nearest to it.</summary>
/// <param name="Generated">The generated one's number.</param>
/// <param name="GeneratedName">What it is called.</param>
/// <param name="Real">The real one's number among those compared with.</param>
/// <param name="RealName">What it is called.</param>
/// <param name="Distance">Their features' distance, as a ratio to that which one of a hundred held-out images is nearer than; null where there
/// are too few of those.</param>
public sealed record NearPair(int Generated, string GeneratedName, int Real, string RealName, double? Distance);
