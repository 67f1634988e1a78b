namespace GanOnnx.Training;

/// <summary>Training can't start or go on: the message says what was found, what was expected and what to do.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public TrainingException(string message, Exception? inner = null) : base(message, inner) { }
}
