namespace GanOnnx.Inference;

/// <summary>What the frames of a model's clips mean.</summary>
/// <param name="FramesPerSecond">How fast they play: <see cref="LowestRate"/> to <see cref="HighestRate"/>.</param>
public sealed record VideoDescription(double FramesPerSecond)
{
    /// <summary>The fewest frames in a second.</summary>
    public const double LowestRate = 0.1;

    /// <summary>The most frames in a second: more can't be shown by a GIF file.</summary>
    public const double HighestRate = 50;

    internal bool IsPossible => FramesPerSecond is >= LowestRate and <= HighestRate;
}
