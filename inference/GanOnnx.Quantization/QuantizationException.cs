namespace GanOnnx.Quantization;

/// <summary>A model can't be quantized, or loses too much. No file is written.</summary>
/// <param name="message">What was found, what was expected, and what to do.</param>
/// <param name="innerException">What led to it.</param>
public sealed class QuantizationException(string message, Exception? innerException = null) : Exception(message, innerException);
