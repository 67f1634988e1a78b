namespace GanOnnx.Evaluation;

/// <summary>What was asked for can't be evaluated; the message says why and what can be.</summary>
public sealed class EvaluationException : Exception
{
    /// <summary>An exception with that message.</summary>
    public EvaluationException(string message) : base(message)
    {
    }

    /// <summary>An exception with that message and its cause.</summary>
    public EvaluationException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
