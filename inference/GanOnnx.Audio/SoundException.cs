namespace GanOnnx.Audio;

/// <summary>A sound can't be read or written. The message says which one, what is wrong and what to do about it.</summary>
public sealed class SoundException : Exception
{
    /// <summary>An exception with a message and, where another one caused it, that one.</summary>
    public SoundException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
