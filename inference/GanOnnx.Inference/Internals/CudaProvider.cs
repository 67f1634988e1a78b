using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Internals;

/// <summary>
/// Puts CUDA into session options: the provider that is part of this build of ONNX Runtime
/// (Microsoft.ML.OnnxRuntime.Gpu), else a provider library beside the app, which ONNX Runtime loads as a plug-in.
/// </summary>
internal static class CudaProvider
{
    private const string BuiltIn = "CUDAExecutionProvider";
    private const string Registration = "GanOnnx.Cuda";

    private static readonly Lock Gate = new();
    private static bool _registered;

    /// <summary>Appends CUDA and returns the provider's name, or null and a reason to end a sentence with.</summary>
    public static string? TryAppend(SessionOptions session, ModelOptions options, out string? reason)
    {
        reason = null;
        try
        {
            var providers = OrtEnv.Instance().GetAvailableProviders();
            if (providers.Contains(BuiltIn))
                return AppendBuiltIn(session, options);

            var device = FindPlugIn(options.Device.Index, providers, out reason);
            if (device is null)
                return null;

            session.AppendExecutionProvider(OrtEnv.Instance(), [device], Settings(options));
            return device.EpName;
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            reason = Errors.CudaFailed(LoadFailure.Reason(e));
            return null;
        }
    }

    /// <summary>Memory of the host that the GPU copies from and to directly; null where the provider has none to give.</summary>
    public static OrtAllocator? TryPin(InferenceSession graph, int deviceIndex)
    {
        try
        {
            var device = graph.GetEpDeviceForInputs().FirstOrDefault(d => d is not null && IsCuda(d));
            if (device?.GetMemoryInfo(OrtDeviceMemoryType.HOST_ACCESSIBLE) is { IsInvalid: false } shared)
                return new(graph, shared);

            using var pinned = new OrtMemoryInfo("CudaPinned", OrtAllocatorType.DeviceAllocator, deviceIndex, OrtMemType.CpuOutput);
            return new(graph, pinned);
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    private static string AppendBuiltIn(SessionOptions session, ModelOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        var settings = Settings(options);
        settings["device_id"] = options.Device.Index.ToString(CultureInfo.InvariantCulture);
        cuda.UpdateOptions(settings);
        session.AppendExecutionProvider_CUDA(cuda);
        return BuiltIn;
    }

    private static OrtEpDevice? FindPlugIn(int deviceIndex, string[] providers, out string? reason)
    {
        var name = OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";
        var path = Path.Combine(AppContext.BaseDirectory, name);
        if (!File.Exists(path))
        {
            reason = Errors.NoCudaProvider(providers, name, AppContext.BaseDirectory);
            return null;
        }

        Register(path);
        var devices = OrtEnv.Instance().GetEpDevices()
            .Where(IsCuda).ToList();
        reason = deviceIndex < devices.Count ? null : Errors.NoCudaDevice(deviceIndex, devices.Count);
        return reason is null ? devices[deviceIndex] : null;
    }

    // A library stays registered for the life of the process; a second registration under the same name is an error.
    private static void Register(string path)
    {
        lock (Gate)
        {
            if (_registered)
                return;

            OrtEnv.Instance().RegisterExecutionProviderLibrary(Registration, path);
            _registered = true;
        }
    }

    private static bool IsCuda(OrtEpDevice device) => device.EpName.Contains("cuda", StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> Settings(ModelOptions options)
    {
        // An exhaustive search takes seconds for every new shape.
        var settings = new Dictionary<string, string> { ["cudnn_conv_algo_search"] = "HEURISTIC" };
        if (options.DeviceMemoryLimit is not { } limit)
            return settings;

        settings["gpu_mem_limit"] = limit.ToString(CultureInfo.InvariantCulture);
        // The arena otherwise grows to the next power of two, which may be beyond a limit that would do.
        settings["arena_extend_strategy"] = "kSameAsRequested";
        return settings;
    }
}
