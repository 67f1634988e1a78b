using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Internals;

/// <summary>Puts CUDA into session options: the provider built into ONNX Runtime, else the plug-in beside the app.</summary>
internal static class Cuda
{
    private const string BuiltIn = "CUDAExecutionProvider";

    // The same name as GanOnnx.Inference's, because a library may be registered once.
    private const string Registration = "GanOnnx.Cuda";

    private static readonly Lock _gate = new();

    /// <summary>Appends CUDA and returns the provider's name.</summary>
    /// <exception cref="OnnxRuntimeException">There is none, or it doesn't start.</exception>
    public static string Append(SessionOptions settings, int index)
    {
        var environment = OrtEnv.Instance();
        // An exhaustive search takes seconds for every new shape.
        var options = new Dictionary<string, string> { ["cudnn_conv_algo_search"] = "HEURISTIC" };
        var path = Path.Combine(AppContext.BaseDirectory,
            OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so");
        if (environment.GetAvailableProviders().Contains(BuiltIn) || !File.Exists(path))
        {
            options["device_id"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(options);
            settings.AppendExecutionProvider_CUDA(cuda);
            return BuiltIn;
        }

        var devices = Devices(environment, path);
        settings.AppendExecutionProvider(environment, [devices[Math.Min(index, devices.Count - 1)]], options);
        return devices[0].EpName;
    }

    private static List<OrtEpDevice> Devices(OrtEnv environment, string path)
    {
        lock (_gate)
        {
            var devices = Find(environment);
            if (devices.Count == 0)
            {
                environment.RegisterExecutionProviderLibrary(Registration, path);
                devices = Find(environment);
            }

            return devices.Count > 0 ? devices : throw new DllNotFoundException("the CUDA provider finds no GPU");
        }
    }

    private static List<OrtEpDevice> Find(OrtEnv environment) =>
        [.. environment.GetEpDevices().Where(d => d.EpName.Contains("cuda", StringComparison.OrdinalIgnoreCase))];
}
