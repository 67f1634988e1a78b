namespace GanOnnx.Trust;

/// <summary>What marks say can't be made.</summary>
/// <param name="message">Why.</param>
internal sealed class RemakeException(string message) : Exception(message);
