namespace GanOnnx.Inference;

/// <summary>
/// More images wait than <see cref="ImageGeneratorOptions.QueueLimit"/> allows, and one more request was refused. It is the
/// sign to ask again later, or to answer a web request with status 503.
/// </summary>
public sealed class QueueFullException : Exception
{
    /// <summary>An exception with a message.</summary>
    public QueueFullException(string message) : base(message)
    {
    }
}
