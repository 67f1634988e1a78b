using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training;

/// <summary>How far a run is, as its folder tells.</summary>
public sealed record RunSummary
{
    /// <summary>The run's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The options it trains with, length and tick as they were last asked for.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The data's name.</summary>
    public required string Data { get; init; }

    /// <summary>Real images shown up to its checkpoint.</summary>
    public required long Images { get; init; }

    /// <summary>Its last tick; null before the first.</summary>
    public required Tick? LastTick { get; init; }

    /// <summary>When its checkpoint was written, UTC.</summary>
    public required DateTime Saved { get; init; }

    /// <summary>Bytes of the folder's files.</summary>
    public required long Size { get; init; }

    /// <summary>Its snapshots, oldest first.</summary>
    public required IReadOnlyList<Snapshot> Snapshots { get; init; }

    /// <summary>Whether it was trained to its length.</summary>
    public bool IsComplete => Images >= Options.Kimg * 1000L;

    /// <summary>The runs in a folder and in the folders below it, by name. What can't be read is passed over.</summary>
    /// <param name="folder">A folder of runs, or a run's own.</param>
    /// <exception cref="TrainingException">There is no such folder.</exception>
    public static IReadOnlyList<RunSummary> Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
            throw new TrainingException($"There is no folder '{folder}'.");
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint
        };
        return [.. Directory.EnumerateFiles(folder, Checkpoint.FileName, options).Order(StringComparer.Ordinal).Select(Read)
            .OfType<RunSummary>()];
    }

    private static RunSummary? Read(string checkpoint)
    {
        try
        {
            using var opened = Checkpoint.Open(checkpoint);
            var (info, folder) = (opened.Info, Path.GetDirectoryName(checkpoint)!);
            return new RunSummary
            {
                Folder = folder,
                Options = info.Options,
                Data = info.Data,
                Images = info.Step * info.Options.ImagesPerStep,
                LastTick = new MetricsLog(Path.Combine(folder, MetricsLog.FileName)).Read().LastOrDefault(),
                Snapshots = Snapshot.Of(folder),
                Saved = File.GetLastWriteTimeUtc(checkpoint),
                Size = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
            };
        }
        catch (Exception e) when (e is TrainingException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
