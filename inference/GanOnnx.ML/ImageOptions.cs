namespace GanOnnx.ML;

/// <summary>How images are made from images.</summary>
public record ImageOptions : BatchOptions
{
    /// <summary>What the column of made images holds. The default is <see cref="PixelType.Single"/>.</summary>
    public PixelType Pixels { get; init; } = PixelType.Single;
}
