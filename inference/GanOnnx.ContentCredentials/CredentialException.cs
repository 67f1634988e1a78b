namespace GanOnnx.ContentCredentials;

/// <summary>A picture can't be signed, a certificate can't be used, or a file isn't one of the four formats.</summary>
/// <param name="message">What was found, what was expected and what to do.</param>
/// <param name="inner">What it came from.</param>
public sealed class CredentialException(string message, Exception? inner = null) : Exception(message, inner);
