namespace GanOnnx.Training.Checkpoints;

/// <summary>What a checkpoint says of its run.</summary>
internal sealed record CheckpointInfo
{
    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    public required TrainingOptions Options { get; init; }

    public required int Channels { get; init; }

    /// <summary>The classes in label order; empty where labels aren't used.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The data's name and the SHA-256 of its decoded images.</summary>
    public required string Data { get; init; }

    public required string DataFingerprint { get; init; }

    /// <summary>How much the data's images differ, see <see cref="GanOnnx.Data.ImageDataset.Deviation"/>.</summary>
    public double DataDeviation { get; init; }

    /// <summary>The program and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>What it ran on.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();
}
