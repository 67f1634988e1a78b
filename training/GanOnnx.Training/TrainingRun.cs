namespace GanOnnx.Training;

/// <summary>What to train on, where to keep it, and how.</summary>
public sealed record TrainingRun
{
    /// <summary>A folder of images, an IDX file or a folder of them, a .zip or .tar.gz of either, or <c>synthetic:digits</c>.</summary>
    public required string Data { get; init; }

    /// <summary>The second images, for tasks that go from image to image: a source as <see cref="Data"/>, whose images are named as those
    /// of <see cref="Data"/> that they belong to. The default is null: none.</summary>
    public string? Target { get; init; }

    /// <summary>The run's folder: decoded data, samples, metrics and the checkpoint.</summary>
    public required string Folder { get; init; }

    /// <summary>How to train.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Whether to go on from the folder's checkpoint. The default is false: the folder must not have one.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether to train on the first CUDA GPU. The default is false, the CPU.</summary>
    public bool Cuda { get; init; }
}
