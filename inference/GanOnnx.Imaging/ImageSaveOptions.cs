namespace GanOnnx.Imaging;

/// <summary>How <see cref="ImageFile"/> writes a picture.</summary>
public sealed record ImageSaveOptions
{
    /// <summary>Quality of JPEG and WebP files, 1 to 100. PNG files are lossless.</summary>
    /// <value>The default is 90.</value>
    public int Quality { get; init; } = 90;

    /// <summary>What the file says about its origin. With null nothing is added.</summary>
    /// <value>The default marks the picture as made by a trained model, as the law asks for in some countries.</value>
    public Provenance? Provenance { get; init; } = new();
}
