namespace GanOnnx.Inference;

/// <summary>What the values of a model's sounds mean.</summary>
/// <param name="Rate">Values per channel and second, in Hz: <see cref="LowestRate"/> to <see cref="HighestRate"/>.</param>
public sealed record AudioDescription(int Rate)
{
    /// <summary>The lowest rate, in Hz.</summary>
    public const int LowestRate = 1000;

    /// <summary>The highest rate, in Hz.</summary>
    public const int HighestRate = 768_000;

    internal bool IsPossible => Rate is >= LowestRate and <= HighestRate;
}
