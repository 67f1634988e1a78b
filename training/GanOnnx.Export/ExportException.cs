namespace GanOnnx.Export;

/// <summary>A module can't be exported; the message says what was found, what was expected and what to do. No file is written.</summary>
public sealed class ExportException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public ExportException(string message, Exception? innerException = null) : base(message, innerException) { }
}
