namespace GanOnnx.Evaluation;

/// <summary>
/// A model and the real images are of different kinds, so that figures would say little:
/// <see cref="EvaluationOptions.AllowMismatch"/> goes on all the same.
/// </summary>
public sealed class EvaluationMismatchException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public EvaluationMismatchException(string message) : base(message) { }
}
