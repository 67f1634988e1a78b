using GanOnnx.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>A loaded graph and the execution provider it really has.</summary>
internal sealed class Session(InferenceSession graph, string provider, string? notice, OrtAllocator? pinned) : IDisposable
{
    private const string Cpu = "CPUExecutionProvider";

    public InferenceSession Graph => graph;

    public string Provider => provider;

    public string? Notice => notice;

    public bool OnGpu => provider != Cpu;

    /// <summary>Where inputs and outputs lie: memory that the GPU copies from and to directly, else plain memory.</summary>
    public OrtAllocator HostMemory => pinned ?? OrtAllocator.DefaultInstance;

    /// <summary>Loads a graph on the device. The threads are for an operator on the CPU; 0 leaves them to ONNX Runtime.</summary>
    public static Session Open(string path, ModelOptions options, int threads)
    {
        CheckNativeLibrary();
        if (options.Device.Kind == DeviceKind.Cpu)
            return OpenCpu(path, threads);

        var session = OpenCuda(path, options, out var reason, out var cause);
        if (session is not null)
            return session;
        if (options.Device.Kind == DeviceKind.Cuda)
            throw Errors.NoCuda(options.Device, reason, cause);

        return OpenCpu(path, threads, Errors.CudaNotice(reason));
    }

    public static Session OpenCpu(string path, int threads, string? notice = null)
    {
        try
        {
            using var settings = Settings(threads);
            return new(new InferenceSession(path, settings), Cpu, notice, null);
        }
        catch (OnnxRuntimeException e)
        {
            throw LoadFailure.Explain(path, e);
        }
    }

    public void Dispose()
    {
        pinned?.Dispose();
        graph.Dispose();
    }

    // ONNX Runtime looks for its native library when it is first used, and then only says that a type has no initializer.
    private static void CheckNativeLibrary()
    {
        try
        {
            OrtEnv.Instance();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw Errors.NoNativeLibrary(e);
        }
    }

    private static Session? OpenCuda(string path, ModelOptions options, out string reason, out Exception? cause)
    {
        cause = null;
        using var settings = Settings(options.Threads ?? 1);
        if (CudaProvider.TryAppend(settings, options) is { } failure)
        {
            reason = failure;
            return null;
        }

        try
        {
            var graph = new InferenceSession(path, settings);
            if (UsesDeviceMemory(graph))
            {
                reason = "";
                return new(graph, CudaProvider.Name, null, CudaProvider.TryPin(graph, options.Device.Index));
            }

            graph.Dispose();
            reason = Errors.NothingOnCuda();
        }
        catch (OnnxRuntimeException e)
        {
            // The model may be at fault rather than CUDA. The CPU tells: it gives the same error, or none.
            OpenCpu(path, 0).Dispose();
            cause = e;
            reason = Errors.CudaFailed(LoadFailure.Reason(e));
        }

        return null;
    }

    private static SessionOptions Settings(int threads)
    {
        var settings = new SessionOptions { IntraOpNumThreads = threads };
        // What goes wrong arrives as an exception; ONNX Runtime would print it to standard error as well.
        settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        // Threads that wait for the next operator stay awake, but not for tens of milliseconds after a run as well: they would take
        // their cores from whoever computes next, other workers being measured among them.
        settings.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return settings;
    }

    // ONNX Runtime gives operators that a provider lacks to the CPU without a word; where the inputs are wanted and the
    // outputs made shows whether anything is left for the provider.
    private static bool UsesDeviceMemory(InferenceSession graph)
    {
        using var inputs = graph.GetMemoryInfosForInputs();
        using var outputs = graph.GetMemoryInfosForOutputs();
        return inputs.Concat(outputs).Any(memory => !memory.Name.Equals("Cpu", StringComparison.OrdinalIgnoreCase));
    }
}
