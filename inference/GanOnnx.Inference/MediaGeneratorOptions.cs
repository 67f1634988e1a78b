namespace GanOnnx.Inference;

/// <summary>How a generator of sounds or of clips is loaded and run.</summary>
public sealed record MediaGeneratorOptions : ModelOptions
{
    /// <summary>How long what <c>GenerateAsync</c> was asked for may wait for others to fill its batch, as
    /// <see cref="ImageGeneratorOptions.MaxQueueDelay"/>. The default is 0.</summary>
    public TimeSpan MaxQueueDelay { get; init; }

    /// <summary>How many of <c>GenerateAsync</c> may wait, at least 1; a request beyond it is refused. The default is
    /// 4096.</summary>
    public int QueueLimit { get; init; } = 4096;

    // Rows are rows to what runs them.
    internal ImageGeneratorOptions OfRows => new(this) { MaxQueueDelay = MaxQueueDelay, QueueLimit = QueueLimit };
}
