namespace GanOnnx.Inference.Runtime;

/// <summary>Whether the machine has an NVIDIA GPU at all. One without isn't to be told that its GPU can't be used.</summary>
internal static class Gpu
{
    public static bool IsPresent() =>
        // What is hidden from CUDA isn't meant to be used.
        Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is not ("" or "-1")
        && (OperatingSystem.IsWindows()
            ? File.Exists(Path.Combine(Environment.SystemDirectory, "nvcuda.dll"))
            // The driver's device; under WSL the one of Windows.
            : OperatingSystem.IsLinux() && (File.Exists("/dev/nvidiactl") || File.Exists("/dev/dxg")));
}
