namespace GanOnnx.Inference;

/// <summary>What a model does. In a file the names are lower case, with hyphens.</summary>
public enum ModelTask
{
    /// <summary>Noise to image.</summary>
    Generate,

    /// <summary>Image to image of the same size.</summary>
    Translate,

    /// <summary>Image to larger image.</summary>
    Upscale,

    /// <summary>Image to numbers, as a discriminator does.</summary>
    Score,

    /// <summary>Text and noise to image.</summary>
    TextToImage,

    /// <summary>Noise to sound.</summary>
    Sound,

    /// <summary>Noise to moving pictures.</summary>
    Video,
}
