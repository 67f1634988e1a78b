namespace GanOnnx.Training;

/// <summary>A run's folder was removed, or another was put in its place, while it was trained in.</summary>
public sealed class RunFolderLostException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public RunFolderLostException(string message) : base(message) { }
}
