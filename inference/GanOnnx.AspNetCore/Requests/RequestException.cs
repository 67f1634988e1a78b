namespace GanOnnx.AspNetCore.Requests;

/// <summary>A request can't be done, and its answer says why.</summary>
/// <param name="status">The answer's.</param>
/// <param name="sentence">What was found, what is expected.</param>
/// <param name="parameter">The value at fault; null for the request as a whole.</param>
internal sealed class RequestException(int status, string sentence, string? parameter = null) : Exception(sentence)
{
    public int Status => status;

    public string? Parameter => parameter;
}
