using GanOnnx.Training.Checkpoints;

namespace GanOnnx.Training;

/// <summary>A run's averaged generator and its discriminator as they were after so many images, to be exported or begun with.</summary>
public sealed record Snapshot
{
    /// <summary>The snapshots' name for a run's newest state, its checkpoint.</summary>
    public const string Last = "last";

    /// <summary>The snapshots' name for the one whose figures are best.</summary>
    public const string Best = "best";

    /// <summary>Its file.</summary>
    public required string Path { get; init; }

    /// <summary>Real images shown before it.</summary>
    public required long Images { get; init; }

    /// <summary><see cref="Images"/> in thousands, to the nearest: its name.</summary>
    public required long Kimg { get; init; }

    /// <summary>Bytes of its file.</summary>
    public required long Size { get; init; }

    /// <summary>Whether it is the best of its run. It is never removed.</summary>
    public bool IsBest { get; init; }

    /// <summary>The best one's figures, by which it is that. The default is none.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>A run's snapshots, oldest first.</summary>
    /// <param name="run">The run's folder.</param>
    public static IReadOnlyList<Snapshot> Of(string run) => new SnapshotFolder(run).List();

    /// <summary>The file of a run's snapshot.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="at"><see cref="Last"/>, <see cref="Best"/> or thousands of images.</param>
    /// <exception cref="TrainingException">There is none.</exception>
    public static string Find(string run, string at)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(at);
        if (!Directory.Exists(run))
            throw new TrainingException($"There is no run's folder '{run}'; only a run has snapshots.");
        if (at == Last)
            return System.IO.Path.Combine(run, Checkpoint.FileName);
        var all = Of(run);
        var there = all.Count == 0 ? "It has no other snapshots" : $"It has snapshots at {string.Join(", ", all.Select(s => s.Kimg))} kimg";
        if (at == Best)
            return (all.FirstOrDefault(s => s.IsBest) ?? throw new TrainingException($"'{run}' has no best snapshot: nothing was measured "
                + $"while it was trained that could tell which is best. {there}, and its last state.")).Path;
        if (!long.TryParse(at, System.Globalization.CultureInfo.InvariantCulture, out var kimg))
            throw new TrainingException($"'{at}' is no snapshot: give thousands of images, {Best} or {Last}.");
        return (all.FirstOrDefault(s => s.Kimg == kimg)
            ?? throw new TrainingException($"'{run}' has no snapshot at {kimg} kimg. {there}, and its last state.")).Path;
    }
}
