using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>How a feature network of one's own is run.</summary>
public sealed record FeatureNetworkOptions
{
    /// <summary>How images become the network's size. The default is <see cref="Resizing.Clean"/>.</summary>
    public Resizing Resizing { get; init; } = Resizing.Clean;

    /// <summary>The input's range, channels' order and layout, where the file doesn't say them. The range is −1 … 1 if nobody says
    /// it, as Inception has it.</summary>
    public PixelFormat Pixels { get; init; } = new();

    /// <summary>The output with the features. The default is null: the one called <c>features</c>, else the first.</summary>
    public string? Output { get; init; }

    /// <summary>Where it runs. The default is <see cref="Device.Auto"/>.</summary>
    public Device Device { get; init; }
}
