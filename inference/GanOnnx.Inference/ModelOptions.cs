using GanOnnx.Inference.Models;

namespace GanOnnx.Inference;

/// <summary>How a model is loaded and run, whatever it makes images from.</summary>
public abstract record ModelOptions
{
    /// <summary>The largest <see cref="BatchSize"/>.</summary>
    public const int LargestBatchSize = 4096;

    internal static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10), LongestTimeout = TimeSpan.FromDays(1);

    /// <summary>Where the model runs. The default is <see cref="Device.Auto"/>.</summary>
    public Device Device { get; init; }

    /// <summary>
    /// The most memory ONNX Runtime takes on a GPU, in bytes, at least 1; a run that needs more fails. It doesn't count
    /// what CUDA itself takes, and means nothing on the CPU. The default is null, no limit.
    /// </summary>
    public long? DeviceMemoryLimit { get; init; }

    /// <summary>
    /// Images per run of the model, at most: 1 to 4096; the results don't depend on it. The default is null: a fixed
    /// batch in the file decides, else 16 on the CPU and 64 on a GPU, fewer where their images would take more than
    /// 16 MiB and 256 MiB.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Whether a batch that isn't full is padded to a power of two or the batch size, so that the model only ever sees
    /// a few shapes: CUDA looks for convolution algorithms at each new one. The default is null: on a GPU, yes, and each
    /// of the shapes is tried when the model is loaded; on the CPU, no.
    /// </summary>
    public bool? PadBatches { get; init; }

    /// <summary>
    /// Threads that share one operator's work on the CPU, at least 1. The default is null: the cores divided by
    /// <see cref="ParallelBatches"/>; where that is null too, the faster of one thread for each of as many batches as
    /// there are cores, and all cores for one batch, as a measurement of a fraction of a second shows. It is made at the first
    /// call of more than 4 batches, or after a quarter of a second of smaller ones; until then it is the former. Beside a GPU it is 1.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>
    /// Batches that run at the same time, at least 1; on the CPU, each has weights of its own where all of them together take
    /// at most 256 MiB. The default is null: on the CPU, the cores divided by <see cref="Threads"/>, or as measured; on a GPU 2,
    /// so that one batch is copied while the other is computed.
    /// </summary>
    public int? ParallelBatches { get; init; }

    /// <summary>
    /// Batches that an asynchronous stream makes ahead of its reader, at least 1: the memory it takes. The default is
    /// null: twice as many as run at the same time.
    /// </summary>
    public int? ReadAhead { get; init; }

    /// <summary>
    /// The longest that loading the model, or one run of it, may take, from 10 milliseconds to a day; then it is ended, with a
    /// <see cref="ModelException"/>. A model of a stranger may never come to an end by itself. The default is null: any time.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What messages call an option. Other libraries and the command line have other names for them.</summary>
    internal Func<string, string> Called { get; init; } = static option => $"the option {option}";

    /// <summary>Tells every option that is out of its range, a sentence for each; empty if none is. Loading throws the first of
    /// them.</summary>
    public IReadOnlyList<string> Validate() => [.. OptionRules.Violations(this).Select(violation => violation.Message)];

    /// <summary>What messages call a part of an option.</summary>
    internal Func<string, string> CalledPart(string option) => part => Called($"{option}.{part}");
}
