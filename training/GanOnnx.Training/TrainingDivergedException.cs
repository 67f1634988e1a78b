namespace GanOnnx.Training;

/// <summary>Training went wrong beyond repair: its figures are no finite numbers any more.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public TrainingDivergedException(string message) : base(message) { }
}
