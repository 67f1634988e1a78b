using GanOnnx.Audio;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Training.Monitoring;

/// <summary>A tick's samples as one WAV file, one after the other.</summary>
internal static class SampleSounds
{
    /// <summary>The files.</summary>
    public static MediaSamples Files { get; } = new(".wav", Origin);

    /// <summary>The file of sounds.</summary>
    public static Func<Provenance, byte[]> Encoder(SoundBatch sounds) => origin => SoundFile.Encode(SoundFile.Join(sounds), 0, origin);

    private static Provenance? Origin(string path)
    {
        try
        {
            return SoundFile.ReadProvenance(path);
        }
        catch (SoundException)
        {
            return null;
        }
    }
}
