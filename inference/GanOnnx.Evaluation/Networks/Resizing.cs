using GanOnnx.Imaging.Resampling;

namespace GanOnnx.Evaluation;

/// <summary>How images become the size that a feature network takes. Published figures differ by it: Parmar et al. 2021.</summary>
public enum Resizing
{
    /// <summary>Bicubic, antialiased, in floating point, as clean-fid does it with Pillow: no value is rounded or cut off.</summary>
    Clean,

    /// <summary>Bilinear without antialiasing, a pixel's place being its corner, as the first FID code did it in TensorFlow.</summary>
    Legacy,
}

/// <summary>What a resizing is done with.</summary>
internal static class Resamplers
{
    /// <summary>Resizes planes to a square.</summary>
    public static Resampler For(this Resizing resizing, int width, int height, int size) => resizing == Resizing.Clean
        ? Resampler.Pillow((width, height), (size, size)) : Resampler.TensorFlow((width, height), (size, size));
}
