namespace GanOnnx.Inference;

/// <summary>Sounds of one length: float32 <c>[N, C, S]</c> with values from −1 to 1.</summary>
public sealed class SoundBatch
{
    private readonly float[] _values;

    /// <summary>Wraps values in <c>[N, C, S]</c> order. The array is kept, not copied.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many sounds there are (N).</param>
    /// <param name="channels">Channels (C): 1 is mono, 2 left and right.</param>
    /// <param name="samples">Values per channel (S).</param>
    /// <param name="rate">Values per channel and second, in Hz.</param>
    /// <exception cref="ArgumentException">The array's length is not count × channels × samples.</exception>
    public SoundBatch(float[] values, int count, int channels, int samples, int rate)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)count * channels * samples)
            throw new ArgumentException($"{values.LongLength} values are not {count} sounds of {channels} × {samples}.", nameof(values));
        _values = values;
        (Count, Channels, Samples, Rate) = (count, channels, samples, rate);
    }

    /// <summary>How many sounds there are (N).</summary>
    public int Count { get; }

    /// <summary>Channels (C): 1 is mono, 2 left and right.</summary>
    public int Channels { get; }

    /// <summary>Values per channel (S).</summary>
    public int Samples { get; }

    /// <summary>Values per channel and second, in Hz.</summary>
    public int Rate { get; }

    /// <summary>The execution provider that made the sounds, as <see cref="MediaGenerator{TBatch}.Provider"/>. The default is null: no model made
    /// them.</summary>
    public string? Provider { get; init; }

    /// <summary>All values, <c>[N, C, S]</c>.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>One sound's values, <c>[C, S]</c>, from −1 to 1.</summary>
    public ReadOnlySpan<float> this[int sound]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sound);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sound, Count);
            return _values.AsSpan(sound * Channels * Samples, Channels * Samples);
        }
    }
}
