namespace GanOnnx.Imaging;

/// <summary>How a picture of any shape becomes a square.</summary>
internal enum ImageFit
{
    /// <summary>By its centre: what stands over is cut off.</summary>
    Crop,

    /// <summary>Whole, with white beside it.</summary>
    Pad,

    /// <summary>Whole, made narrower or lower.</summary>
    Stretch,
}
