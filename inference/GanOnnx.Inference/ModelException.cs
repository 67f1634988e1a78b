namespace GanOnnx.Inference;

/// <summary>
/// A model, or what was asked of it, can't be used. The message says what was found, what is expected and what to
/// do; it is meant for the person who chose the file.
/// </summary>
public sealed class ModelException : Exception
{
    /// <summary>An exception with a message and, where another one caused it, that one.</summary>
    public ModelException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
