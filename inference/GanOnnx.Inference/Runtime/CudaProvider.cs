using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>Puts CUDA into session options: the provider of the packages Microsoft.ML.OnnxRuntime.Gpu.</summary>
internal static class CudaProvider
{
    public const string Name = "CUDAExecutionProvider";

    /// <summary>Appends CUDA, or returns a reason to end a sentence with.</summary>
    public static string? TryAppend(SessionOptions session, int deviceIndex, long? memoryLimit = null)
    {
        try
        {
            var providers = OrtEnv.Instance().GetAvailableProviders();
            if (!providers.Contains(Name))
                return Errors.NoCudaProvider(providers);
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(Settings(deviceIndex, memoryLimit));
            session.AppendExecutionProvider_CUDA(cuda);
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            return Errors.CudaFailed(LoadFailure.Reason(e));
        }
    }

    /// <summary>Memory of the host that the GPU copies from and to directly; null where the provider has none to give.</summary>
    public static OrtAllocator? TryPin(InferenceSession graph, int deviceIndex)
    {
        try
        {
            using var pinned = new OrtMemoryInfo("CudaPinned", OrtAllocatorType.DeviceAllocator, deviceIndex, OrtMemType.CpuOutput);
            return new(graph, pinned);
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Settings(int deviceIndex, long? memoryLimit)
    {
        var settings = new Dictionary<string, string>
        {
            ["device_id"] = deviceIndex.ToString(CultureInfo.InvariantCulture),
            // An exhaustive search takes seconds for every new shape.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
        };
        if (memoryLimit is not { } limit)
            return settings;

        settings["gpu_mem_limit"] = limit.ToString(CultureInfo.InvariantCulture);
        // The arena otherwise grows to the next power of two, which may be beyond a limit that would do.
        settings["arena_extend_strategy"] = "kSameAsRequested";
        return settings;
    }
}
