namespace GanOnnx.Inference;

/// <summary>How a picture is cut into tiles that a model can take.</summary>
public sealed record TileOptions
{
    /// <summary>The smallest <see cref="Size"/>.</summary>
    public const int SmallestSize = 8;

    /// <summary>The largest <see cref="Size"/> and <see cref="Overlap"/>.</summary>
    public const int LargestSize = 16_384;

    /// <summary>Height and width of what a tile adds to the result, in pixels of the picture that goes in, 8 to 16,384; rounded up to
    /// what the
    /// model can take. More takes more memory; less computes more twice. The default is null: 192 where tiles give what the
    /// whole picture gives, 256 where they are blended, or what a model of a fixed size takes.</summary>
    public int? Size { get; init; }

    /// <summary>How many pixels around it are looked at as well, 0 to 16,384, where the model doesn't show it: as a pixel depends on all
    /// of the
    /// picture there, tiles are blended into each other over twice as many. The default is 32.</summary>
    public int Overlap { get; init; } = 32;

    /// <summary>Pictures of at most that many pixels (height × width) aren't cut where the model takes any size. The default is null:
    /// 262,144, which is 512 × 512; where tiles give what the whole picture gives, those of a tile with what it looks at.</summary>
    public long? Whole { get; init; }
}
