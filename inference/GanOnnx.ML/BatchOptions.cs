using GanOnnx.Inference;

namespace GanOnnx.ML;

/// <summary>How a column's model is run.</summary>
public record BatchOptions
{
    /// <summary>The largest <see cref="BatchSize"/>.</summary>
    public const int LargestBatchSize = 4096;

    /// <summary>
    /// Rows per run of the model, 1 to 4096; the values don't depend on it. The default is null: 16 on the CPU, 64 on a GPU.
    /// A model whose first axis is fixed gets one row per run.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Batches that run at once, at least 1, each on one core, the reader's thread being one of those that run them. Memory for
    /// twice as many and three more is held, or for 32 rows where that is more; with 1, for one batch. The default is null: one
    /// per core on the CPU, 2 on a GPU.
    /// </summary>
    public int? Parallelism { get; init; }

    /// <summary>
    /// Which GPU, counted from 0 as CUDA does. The default is null: <c>MLContext.GpuDeviceId</c>, and where that is null too,
    /// the CPU.
    /// </summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>
    /// Whether the CPU is taken where the GPU can't be used; else that is an error. Counts where <see cref="GpuDeviceId"/> is set.
    /// The default is false. Where <see cref="GpuDeviceId"/> is null, <c>MLContext.FallbackToCpu</c> counts.
    /// </summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>
    /// The longest that loading the model, or one run of it, may take, from 10 milliseconds to a day; then it is ended, with a
    /// <see cref="Inference.ModelException"/>. The default is null: any time.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    internal virtual void Check()
    {
        if (BatchSize is < 1 or > LargestBatchSize)
            throw Errors.WrongOption(nameof(BatchSize), BatchSize.Value, $"1 to {LargestBatchSize} is expected");
        if (Parallelism is < 1)
            throw Errors.WrongOption(nameof(Parallelism), Parallelism.Value, "at least 1 is expected");
        if (GpuDeviceId is < 0)
            throw Errors.WrongOption(nameof(GpuDeviceId), GpuDeviceId.Value, "at least 0 is expected");
        if (Timeout < ModelOptions.ShortestTimeout || Timeout > ModelOptions.LongestTimeout)
            throw Inference.Errors.WrongTime($"the option {nameof(Timeout)}", Timeout.Value, ModelOptions.ShortestTimeout,
                ModelOptions.LongestTimeout);
    }
}
