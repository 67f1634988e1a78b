namespace GanOnnx.CommandLine;

/// <summary>The command line asks for something that can't be done; the message says what and what to do.</summary>
public sealed class UsageException(string message) : Exception(message);
