namespace GanOnnx.Audio;

/// <summary>What recordings are brought to, to be alike: one channel, so many values, so many a second.</summary>
/// <param name="Samples">Values of each sound.</param>
/// <param name="Rate">Values a second, in Hz.</param>
public readonly record struct SoundForm(int Samples, int Rate)
{
    /// <summary>A second at 8,000 Hz, nearly: what networks of WaveGAN's kind take for speech.</summary>
    public static SoundForm Default { get; } = new(8192, 8000);
}
