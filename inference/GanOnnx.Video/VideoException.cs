namespace GanOnnx.Video;

/// <summary>A clip can't be written or read. The message is a sentence for people.</summary>
/// <param name="message">The sentence.</param>
/// <param name="innerException">What went wrong beneath, or null.</param>
public sealed class VideoException(string message, Exception? innerException = null) : Exception(message, innerException);
