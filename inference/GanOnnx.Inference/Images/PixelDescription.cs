namespace GanOnnx.Inference;

/// <summary>What the values of a model's images mean.</summary>
public sealed record PixelDescription
{
    /// <summary>The value of black. The default is −1.</summary>
    public float Lowest { get; init; } = -1;

    /// <summary>The value of white, or of a channel at its full. The default is 1.</summary>
    public float Highest { get; init; } = 1;

    /// <summary>What the channels are, in order: <c>rgb</c>, <c>bgr</c> or <c>grey</c>. The default is rgb.</summary>
    public string Channels { get; init; } = "rgb";
}
