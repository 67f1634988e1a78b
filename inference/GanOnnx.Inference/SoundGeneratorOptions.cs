namespace GanOnnx.Inference;

/// <summary>How a generator of sounds is loaded and run.</summary>
public sealed record SoundGeneratorOptions : ModelOptions
{
    /// <summary>How long a sound of <c>SoundGenerator.GenerateAsync</c> may wait for others to fill its batch, as
    /// <see cref="ImageGeneratorOptions.MaxQueueDelay"/>. The default is 0.</summary>
    public TimeSpan MaxQueueDelay { get; init; }

    /// <summary>Sounds of <c>SoundGenerator.GenerateAsync</c> that may wait, at least 1; a request beyond it is refused. The default is
    /// 4096.</summary>
    public int QueueLimit { get; init; } = 4096;

    // Rows are rows to what runs them.
    internal ImageGeneratorOptions OfRows => new(this) { MaxQueueDelay = MaxQueueDelay, QueueLimit = QueueLimit };
}
