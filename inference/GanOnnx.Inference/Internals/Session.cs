using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Internals;

/// <summary>A loaded graph and the execution provider it really has.</summary>
internal sealed record Session(InferenceSession Graph, string Provider, string? Notice)
{
    private const string Cpu = "CPUExecutionProvider";

    public bool OnGpu => Provider != Cpu;

    public static Session Open(string path, ImageGeneratorOptions options)
    {
        CheckNativeLibrary();
        if (options.Device == Device.Cpu)
            return OpenCpu(path, options, null);

        var session = OpenCuda(path, options, out var reason, out var cause);
        if (session is not null)
            return session;
        if (options.Device == Device.Cuda)
            throw Errors.NoCuda(reason, cause);

        return OpenCpu(path, options, Errors.CudaNotice(reason));
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

    private static Session OpenCpu(string path, ImageGeneratorOptions options, string? notice)
    {
        try
        {
            using var settings = Settings(options.Threads ?? 0);
            return new(new InferenceSession(path, settings), Cpu, notice);
        }
        catch (OnnxRuntimeException e)
        {
            throw LoadFailure.Explain(path, e);
        }
    }

    private static Session? OpenCuda(string path, ImageGeneratorOptions options, out string reason, out Exception? cause)
    {
        cause = null;
        using var settings = Settings(options.Threads ?? 1);
        if (CudaProvider.TryAppend(settings, options.DeviceIndex, out var failure) is not { } provider)
        {
            reason = failure!;
            return null;
        }

        try
        {
            var graph = new InferenceSession(path, settings);
            if (UsesDeviceMemory(graph))
            {
                reason = "";
                return new(graph, provider, null);
            }

            graph.Dispose();
            reason = Errors.NothingOnCuda();
        }
        catch (OnnxRuntimeException e)
        {
            // The model may be at fault rather than CUDA. The CPU tells: it gives the same error, or none.
            OpenCpu(path, options, null).Graph.Dispose();
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
