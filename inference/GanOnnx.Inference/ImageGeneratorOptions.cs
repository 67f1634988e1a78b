namespace GanOnnx.Inference;

/// <summary>How a model is loaded and run.</summary>
public sealed record ImageGeneratorOptions
{
    /// <summary>The largest <see cref="BatchSize"/>.</summary>
    public const int LargestBatchSize = 4096;

    /// <summary>Where the model runs. The default is <see cref="Device.Auto"/>.</summary>
    public Device Device { get; init; } = Device.Auto;

    /// <summary>Which GPU, counted from 0 as CUDA does. The default is 0.</summary>
    public int DeviceIndex { get; init; }

    /// <summary>
    /// Images per run of the model, 1 to 4096; the results don't depend on it. The default is null: 16 on the CPU,
    /// 64 on a GPU.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Whether a batch that isn't full is padded to a power of two or the batch size, so that the model only ever sees
    /// a few shapes: CUDA looks for convolution algorithms at each new one. The default is null: on a GPU, yes;
    /// on the CPU, no.
    /// </summary>
    public bool? PadBatches { get; init; }

    /// <summary>
    /// Threads that share one operator's work on the CPU, at least 1. The default is null: one per core on the CPU,
    /// 1 beside a GPU.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>
    /// What latents are drawn from, for a file that doesn't say; a file that does is believed.
    /// The default is <see cref="LatentDistribution.Normal"/>.
    /// </summary>
    public LatentDistribution Latent { get; init; } = LatentDistribution.Normal;

    /// <summary>
    /// The classes' names in label order, for a conditional file that doesn't say; a file that does is believed.
    /// The default is empty, unknown.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];
}
