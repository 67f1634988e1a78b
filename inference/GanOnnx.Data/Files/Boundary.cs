namespace GanOnnx.Data;

/// <summary>Where a reader of files from outside ends: damaged data surfaces in it as all kinds of exceptions, and leaves as one.</summary>
internal static class Boundary
{
    /// <summary>Reads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="verb">What can't be done with it then, as <c>unpacked</c>.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="DataException">It can't be read, whatever was the reason.</exception>
    public static T Read<T>(string path, string verb, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (DataException or OperationCanceledException))
        {
            throw new DataException($"'{path}' can't be {verb}: {e.Message.Split('\n')[0]}", e);
        }
    }
}
