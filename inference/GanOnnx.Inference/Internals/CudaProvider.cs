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
    public static string? TryAppend(SessionOptions session, int deviceIndex, out string? reason)
    {
        reason = null;
        try
        {
            var providers = OrtEnv.Instance().GetAvailableProviders();
            if (providers.Contains(BuiltIn))
                return AppendBuiltIn(session, deviceIndex);

            var device = FindPlugIn(deviceIndex, providers, out reason);
            if (device is null)
                return null;

            session.AppendExecutionProvider(OrtEnv.Instance(), [device], Options());
            return device.EpName;
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            reason = Errors.CudaFailed(LoadFailure.Reason(e));
            return null;
        }
    }

    private static string AppendBuiltIn(SessionOptions session, int deviceIndex)
    {
        using var cuda = new OrtCUDAProviderOptions();
        var options = Options();
        options["device_id"] = deviceIndex.ToString(System.Globalization.CultureInfo.InvariantCulture);
        cuda.UpdateOptions(options);
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
            .Where(d => d.EpName.Contains("cuda", StringComparison.OrdinalIgnoreCase)).ToList();
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

    // An exhaustive search takes seconds for every new shape.
    private static Dictionary<string, string> Options() => new() { ["cudnn_conv_algo_search"] = "HEURISTIC" };
}
