using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Imaging;

/// <summary>How <see cref="ImageGrid"/> lays images out.</summary>
public sealed record ImageGridOptions
{
    /// <summary>Images per row, 1 or more.</summary>
    /// <value>The default is null: ⌈√N⌉, as square as possible.</value>
    public int? Columns { get; init; }

    /// <summary>Pixels between two images, at the grid's final scale, 0 or more.</summary>
    /// <value>The default is 2.</value>
    public int Gap { get; init; } = 2;

    /// <summary>The colour of gaps and of places without an image.</summary>
    /// <value>The default is white, which also disappears on a white page.</value>
    public Rgb24 Background { get; init; } = new(255, 255, 255);

    /// <summary>How many times every pixel is repeated in both directions, 1 or more.</summary>
    /// <value>
    /// The default is null: 1 for images of 64 pixels and more; smaller ones grow by a whole number until they reach 64 pixels,
    /// as long as the grid stays within 4096.
    /// </value>
    public int? Scale { get; init; }
}
