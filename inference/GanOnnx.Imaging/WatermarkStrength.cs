namespace GanOnnx.Imaging;

/// <summary>How much a <see cref="Watermark"/> changes a picture.</summary>
public enum WatermarkStrength
{
    /// <summary>No picture is left with less than 42 dB.</summary>
    Weak,

    /// <summary>No picture is left with less than 39 dB.</summary>
    Normal,

    /// <summary>No picture is left with less than 36 dB.</summary>
    Strong,
}
