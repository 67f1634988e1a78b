using GanOnnx.Audio;
using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>A source of recordings. Its images are their spectrograms.</summary>
internal interface IRecordings
{
    /// <summary>What recordings are brought to.</summary>
    SoundForm Form { get; }

    /// <summary>A recording in that form, values from −1 to 1.</summary>
    /// <exception cref="ImageException">This recording can't be read; the others may be fine.</exception>
    float[] ReadSound(int recording);
}
