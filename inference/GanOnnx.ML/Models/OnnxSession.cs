using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Models;

/// <summary>A graph loaded for runs on one thread each, and the execution provider it has.</summary>
internal sealed record OnnxSession(InferenceSession Graph, string Provider)
{
    private const string Cpu = "CPUExecutionProvider";

    public bool OnGpu => Provider != Cpu;

    public static OnnxSession Open(string path, Device device)
    {
        if (device != Device.Cpu)
        {
            try
            {
                using var settings = Settings();
                CudaProvider.Append(settings, device.Index);
                return new(Load(path, settings), CudaProvider.Name);
            }
            catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
            {
                if (device == Device.CudaAt(device.Index))
                    throw Errors.NoCuda(device.Index, e);
            }
        }

        using var options = Settings();
        try
        {
            return new(Load(path, options), Cpu);
        }
        catch (OnnxRuntimeException e)
        {
            throw LoadFailure.Explain(path, e);
        }
    }

    private static InferenceSession Load(string path, SessionOptions settings) => new(path, settings);

    private static SessionOptions Settings()
    {
        var settings = new SessionOptions { IntraOpNumThreads = 1 };
        // What goes wrong arrives as an exception; ONNX Runtime would print it to standard error as well.
        settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        return settings;
    }
}
