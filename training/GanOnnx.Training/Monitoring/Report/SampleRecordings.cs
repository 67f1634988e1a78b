namespace GanOnnx.Training.Monitoring.Report;

/// <summary>A run's WAV files of samples, to be embedded in a page.</summary>
internal static class SampleRecordings
{
    // Longer ones would make the page heavy; they lie beside it.
    private const long MostBytes = 4_000_000;

    /// <summary>The newest samples as a data URI; null where there are none, or they are too long.</summary>
    public static string? Newest(string folder) => Directory.Exists(folder)
        ? Source(Directory.GetFiles(folder, SampleSounds.Pattern).Order(StringComparer.Ordinal).LastOrDefault()) : null;

    /// <summary>Real recordings, likewise.</summary>
    public static string? Reals(string folder) => Source(Path.Combine(folder, SampleSounds.RealsName));

    private static string? Source(string? path)
    {
        try
        {
            return path is not null && new FileInfo(path) is { Exists: true, Length: <= MostBytes }
                ? $"data:audio/wav;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
