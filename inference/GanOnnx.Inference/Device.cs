namespace GanOnnx.Inference;

/// <summary>Where a model runs.</summary>
public enum Device
{
    /// <summary>CUDA if it works here, else the CPU with a notice that says why.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU; an error if it can't be used.</summary>
    Cuda,
}
