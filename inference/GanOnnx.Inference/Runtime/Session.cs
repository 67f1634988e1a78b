using GanOnnx.Shared;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>A loaded graph and the execution provider it really has.</summary>
internal sealed class Session(InferenceSession graph, string provider, string? notice, OrtAllocator? pinned) : IDisposable
{
    public const string Cpu = "CPUExecutionProvider";

    public InferenceSession Graph => graph;

    public string Provider => provider;

    public string? Notice => notice;

    public bool OnGpu => provider != Cpu;

    /// <summary>Where inputs and outputs lie: memory that the GPU copies from and to directly, else plain memory.</summary>
    public OrtAllocator HostMemory => pinned ?? OrtAllocator.DefaultInstance;

    /// <summary>Loads a graph on the device. The threads are for an operator on the CPU; 0 leaves them to ONNX Runtime.</summary>
    /// <param name="content">The file, which has been checked.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="memoryLimit">The most memory it takes on a GPU, in bytes.</param>
    /// <param name="threads">Those on the CPU.</param>
    /// <param name="threadsBesideGpu">Those for what the GPU can't do.</param>
    /// <param name="stop">Ends it.</param>
    public static Session Open(
        ModelContent content, Device device, long? memoryLimit, int threads, int threadsBesideGpu, CancellationToken stop)
    {
        if (device.Kind == DeviceKind.Cpu || (device == Device.Auto && !Gpu.IsPresent()))
            return OpenCpu(content, threads, stop);
        return TryOpenCuda(content, device.Index, memoryLimit, threadsBesideGpu, stop, out var reason, out var cause)
            ?? (device.Kind == DeviceKind.Cuda ? throw Errors.NoCuda(device, reason, cause)
                : OpenCpu(content, threads, stop, Errors.CudaNotice(reason)));
    }

    /// <summary>Loads a graph on the CPU.</summary>
    /// <exception cref="ModelException">ONNX Runtime can't load it.</exception>
    public static Session OpenCpu(ModelContent content, int threads, CancellationToken stop, string? notice = null)
    {
        try
        {
            using var settings = Settings(threads);
            return new(Load(content, settings, stop), Cpu, notice, null);
        }
        catch (OnnxRuntimeException e)
        {
            throw LoadFailure.Explain(content.Path, e);
        }
    }

    /// <summary>Loads a graph on a GPU; null if CUDA can't be used, with a reason to end a sentence with.</summary>
    /// <exception cref="ModelException">ONNX Runtime can't load it on the CPU either.</exception>
    public static Session? TryOpenCuda(ModelContent content, int index, long? memoryLimit, int threads, CancellationToken stop,
        out string reason, out Exception? cause)
    {
        cause = null;
        using var settings = Settings(threads);
        if (CudaProvider.TryAppend(settings, index, memoryLimit) is { } failure)
        {
            reason = failure;
            return null;
        }

        try
        {
            var graph = Load(content, settings, stop);
            if (UsesDeviceMemory(graph))
            {
                reason = "";
                return new(graph, CudaProvider.Name, null, CudaProvider.TryPin(graph, index));
            }

            graph.Dispose();
            reason = Errors.NothingOnCuda();
        }
        catch (OnnxRuntimeException e)
        {
            // The model may be at fault rather than CUDA. The CPU tells: it gives the same error, or none.
            OpenCpu(content, 0, stop).Dispose();
            cause = e;
            reason = Errors.CudaFailed(LoadFailure.Reason(e));
        }

        return null;
    }

    public void Dispose()
    {
        pinned?.Dispose();
        graph.Dispose();
    }

    /// <summary>Hands a model to ONNX Runtime: the only place where the inference libraries and programs do.</summary>
    /// <exception cref="ModelException">It isn't what can be trusted to it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static InferenceSession Load(ModelContent content, SessionOptions settings, CancellationToken stop)
    {
        OnnxRuntimeTelemetry.TurnOff();
        if (!content.IsAlone)
            settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", content.Folder);
        using var cancelled = stop.UnsafeRegister(static session => ((SessionOptions)session!).SetLoadCancellationFlag(true), settings);
        InferenceSession graph;
        try
        {
            graph = new InferenceSession(content.Checked().Bytes, settings);
        }
        catch (OnnxRuntimeException) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        try
        {
            stop.ThrowIfCancellationRequested();
            content.CheckUnchanged();
            return graph;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    // ONNX Runtime looks for its native library when it is first used, and then only says that a type has no initializer.
    private static void CheckNativeLibrary()
    {
        OnnxRuntimeTelemetry.TurnOff();
        try
        {
            OrtEnv.Instance();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw Errors.NoNativeLibrary(e);
        }
    }

    private static SessionOptions Settings(int threads)
    {
        CheckNativeLibrary();
        var settings = new SessionOptions { IntraOpNumThreads = threads, EnableMemoryPattern = false };
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
