using GanOnnx.Inference;

namespace GanOnnx.Quantization;

/// <summary>A model that was quantized and verified.</summary>
public sealed record QuantizationResult
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Its size in bytes, with the weights beside it where there are any.</summary>
    public required long FileSize { get; init; }

    /// <summary>What its metadata say of it.</summary>
    public required QuantizationDescription Figures { get; init; }

    /// <summary>How many times as fast as the float model it is here, with one thread: the median of some rounds in turns. Processors
    /// differ; below 1 it isn't worth having on this one.</summary>
    public required double Speed { get; init; }

    /// <summary>The convolutions that could compute with bytes, in the graph's order.</summary>
    public required IReadOnlyList<QuantizedLayer> Layers { get; init; }
}

/// <summary>A convolution and what bytes cost it.</summary>
/// <param name="Name">The layer's name: the value that it gives.</param>
/// <param name="IsInteger">Whether it computes with bytes; else it stayed in float32.</param>
/// <param name="Psnr">The images' peak signal-to-noise ratio where it alone computes with bytes, in dB; 200 where nothing
/// changes.</param>
public sealed record QuantizedLayer(string Name, bool IsInteger, double Psnr);
