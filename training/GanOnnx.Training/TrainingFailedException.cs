namespace GanOnnx.Training;

/// <summary>Training looks as if it had failed, and the run was told to end then. What there is, is kept.</summary>
public sealed class TrainingFailedException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public TrainingFailedException(string message) : base(message) { }
}
