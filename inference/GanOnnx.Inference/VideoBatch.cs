namespace GanOnnx.Inference;

/// <summary>Clips of one length: float32 <c>[N, T, C, H, W]</c> with values from −1 to 1.</summary>
public sealed class VideoBatch
{
    private readonly float[] _values;

    /// <summary>Wraps values in <c>[N, T, C, H, W]</c> order. The array is kept, not copied.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many clips there are (N).</param>
    /// <param name="frames">Frames of each (T).</param>
    /// <param name="channels">Channels (C): 1 is grey, 3 is red, green and blue, 4 transparency after them.</param>
    /// <param name="height">Height in pixels (H).</param>
    /// <param name="width">Width in pixels (W).</param>
    /// <param name="framesPerSecond">How fast they play.</param>
    /// <exception cref="ArgumentException">The array's length is not count × frames × channels × height × width.</exception>
    public VideoBatch(float[] values, int count, int frames, int channels, int height, int width, double framesPerSecond)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)count * frames * channels * height * width)
            throw new ArgumentException($"{values.LongLength} values are not {count} clips of {frames} × {channels} × {height} × {width}.", nameof(values));
        _values = values;
        (Count, Frames, Channels, Height, Width, FramesPerSecond) = (count, frames, channels, height, width, framesPerSecond);
    }

    /// <summary>How many clips there are (N).</summary>
    public int Count { get; }

    /// <summary>Frames of each clip (T).</summary>
    public int Frames { get; }

    /// <summary>Channels (C): 1 is grey, 3 is red, green and blue, 4 transparency after them.</summary>
    public int Channels { get; }

    /// <summary>Height in pixels (H).</summary>
    public int Height { get; }

    /// <summary>Width in pixels (W).</summary>
    public int Width { get; }

    /// <summary>How fast they play.</summary>
    public double FramesPerSecond { get; }

    /// <summary>The execution provider that made the clips, as <see cref="MediaGenerator{TBatch}.Provider"/>. The default is null: no model
    /// made them.</summary>
    public string? Provider { get; init; }

    /// <summary>All values, <c>[N, T, C, H, W]</c>.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>One clip's values, <c>[T, C, H, W]</c>, from −1 to 1.</summary>
    public ReadOnlySpan<float> this[int clip]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(clip);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(clip, Count);
            var length = Frames * Channels * Height * Width;
            return _values.AsSpan(clip * length, length);
        }
    }

    /// <summary>One clip's frames as images, in order.</summary>
    public ImageBatch FramesOf(int clip) => new(this[clip].ToArray(), Frames, Channels, Height, Width) { Provider = Provider };

    /// <summary>One frame of all clips as images.</summary>
    /// <param name="frame">Its number, from 0.</param>
    public ImageBatch FrameOfAll(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, Frames);
        var length = Channels * Height * Width;
        var values = new float[Count * length];
        for (var i = 0; i < Count; i++)
            _values.AsSpan((i * Frames + frame) * length, length).CopyTo(values.AsSpan(i * length));
        return new ImageBatch(values, Count, Channels, Height, Width) { Provider = Provider };
    }
}
