using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Quantization;

/// <summary>Loads models that are run otherwise than to make images.</summary>
internal static class Graphs
{
    /// <exception cref="ModelException">ONNX Runtime can't load it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static InferenceSession Load(ModelContent content, SessionOptions settings, CancellationToken stop)
    {
        settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        try
        {
            return Session.Load(content, settings, stop);
        }
        catch (OnnxRuntimeException e)
        {
            stop.ThrowIfCancellationRequested();
            throw LoadFailure.Explain(content.Path, e);
        }
    }
}
