namespace GanOnnx.Training;

/// <summary>What to train on, where to keep it, and how.</summary>
public sealed record TrainingRun
{
    /// <summary>
    /// A folder of images, an archive of one, IDX, NumPy or Parquet files, a text that lists pictures, <c>synthetic:digits</c>, or a source
    /// that was registered with <see cref="GanOnnx.Data.ImageSources"/>.
    /// </summary>
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

    /// <summary>
    /// Whose weights a new run begins with: a run's folder, the file of a checkpoint, of a snapshot or of <see cref="TrainedWeights"/>, or
    /// any .safetensors file. Those that fit by name and shape are taken. The default is null: first weights that the seed decides.
    /// </summary>
    public string? Init { get; init; }

    /// <summary>What the tensors of <see cref="Init"/> are here, by their names there: see <see cref="StateDictionary"/>. All of them
    /// have to fit. The default is null: the same names.</summary>
    public IReadOnlyDictionary<string, string>? InitNames { get; init; }

    /// <summary>What to do where the data isn't any more what the run began with. The default is to refuse.</summary>
    public DataChanged DataChanged { get; init; }

    /// <summary>What to do where training looks as if it had failed. The default is to warn.</summary>
    public FailureAction OnFailure { get; init; }

    /// <summary>Whether to train on the first CUDA GPU. The default is false, the CPU.</summary>
    public bool Cuda { get; init; }
}

/// <summary>What a run that goes on does where its data has changed.</summary>
public enum DataChanged
{
    /// <summary>It doesn't go on.</summary>
    Refuse,

    /// <summary>It goes on with the images that it began with, which it keeps in its folder.</summary>
    Keep,
}

/// <summary>What a run does where it looks as if it had failed: by a collapse, a discriminator that wins, losses or gradients that run away
/// or vanish, a distance that rises, figures that are no numbers.</summary>
public enum FailureAction
{
    /// <summary>It tells it and goes on.</summary>
    Warn,

    /// <summary>It ends; what there is, is kept.</summary>
    Stop,

    /// <summary>It goes back to its best snapshot, or to one from before, halves its learning rates and goes on; at most twice, then it
    /// ends.</summary>
    Rollback,
}
