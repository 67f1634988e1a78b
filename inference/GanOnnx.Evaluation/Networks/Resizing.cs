namespace GanOnnx.Evaluation;

/// <summary>How images become the size that a feature network takes. Published figures differ by it: Parmar et al. 2021.</summary>
public enum Resizing
{
    /// <summary>Bicubic, antialiased, in floating point, as clean-fid does it with Pillow: no value is rounded or cut off.</summary>
    Clean,

    /// <summary>Bilinear without antialiasing, a pixel's place being its corner, as the first FID code did it in TensorFlow.</summary>
    Legacy,
}
