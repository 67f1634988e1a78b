namespace GanOnnx.Imaging;

/// <summary>An image can't be read, composed or written. The message says which one, what is wrong and what to do about it.</summary>
public sealed class ImageException : Exception
{
    /// <summary>An exception with a message and, where another one caused it, that one.</summary>
    public ImageException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
