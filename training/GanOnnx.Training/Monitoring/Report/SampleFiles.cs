namespace GanOnnx.Training.Monitoring.Report;

/// <summary>A run's files of samples that are heard or that move, to be embedded in a page.</summary>
internal static class SampleFiles
{
    // Longer ones would make the page heavy; they lie beside it.
    private const long MostBytes = 4_000_000;

    /// <summary>The newest of the files of a pattern as a data URI; null where there are none, or it is too long.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="pattern">Their names.</param>
    /// <param name="type">Their media type, as <c>audio/wav</c>.</param>
    public static string? Newest(string folder, string pattern, string type) => Directory.Exists(folder)
        ? Source(Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).LastOrDefault(), type) : null;

    /// <summary>One file, likewise.</summary>
    public static string? Of(string folder, string name, string type) => Source(Path.Combine(folder, name), type);

    private static string? Source(string? path, string type)
    {
        try
        {
            return path is not null && new FileInfo(path) is { Exists: true, Length: <= MostBytes }
                ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
