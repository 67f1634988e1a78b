namespace GanOnnx.Onnx;

/// <summary>A file is no whole ONNX file; the message says what was found, what was expected and what to do.</summary>
public sealed class OnnxFileException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public OnnxFileException(string message, Exception? innerException = null) : base(message, innerException) { }
}
