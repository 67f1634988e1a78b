using System.Globalization;
using System.Text.Json;
using GanOnnx.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training.Checkpoints;

/// <summary>
/// A run's snapshots: files of weights in float32, so that what is exported of one is what was measured and drawn at its time; and
/// which of them is best. Only what carries our mark is removed, and never the best.
/// </summary>
internal sealed class SnapshotFolder(string run)
{
    public const string FolderName = "snapshots", BestName = "best.json";

    private const string Start = "kimg-", Extension = ".safetensors";

    private readonly string _folder = Path.Combine(run, FolderName);

    private string BestPath => Path.Combine(_folder, BestName);

    /// <summary>Checks that no name that a snapshot gets is taken by what isn't ours.</summary>
    /// <exception cref="TrainingException">One is.</exception>
    public void Check()
    {
        if (File.Exists(_folder) || new DirectoryInfo(_folder).LinkTarget is not null)
            throw new TrainingException($"'{_folder}' isn't known to be of this program, and a run would write there. "
                + "Move it away or choose "
                + "another folder for the run.");
        OwnFile.Check(BestPath, RunDescription.IsOne);
        foreach (var path in Files())
            OwnFile.Check(path, WeightsFile.IsOne);
    }

    /// <summary>Those there are, oldest first. What can't be read is passed over.</summary>
    public IReadOnlyList<Snapshot> List()
    {
        var best = ReadBest();
        return [.. Files().Select(path => Read(path, best)).OfType<Snapshot>().OrderBy(snapshot => snapshot.Images)];
    }

    /// <summary>Writes one, and removes the oldest where there are too many.</summary>
    /// <param name="networks">A task's networks.</param>
    /// <param name="info">The run as it is now.</param>
    /// <param name="keep">How many stay, the best apart.</param>
    public void Save(IReadOnlyList<TaskNetwork> networks, CheckpointInfo info, int keep)
    {
        var images = ImagesOf(info);
        RunFolder.MakeInside(_folder);
        WeightsFile.Save(PathOf(images), networks, info, makeFolder: false);
        // Later ones are of a run that went on from here before; they stay until it is there again.
        var old = List().Where(snapshot => !snapshot.IsBest && snapshot.Images <= images).SkipLast(keep);
        foreach (var snapshot in old)
            Shared.Temporary.TryDelete(snapshot.Path);
    }

    /// <summary>Makes one that there is the best of the run.</summary>
    /// <param name="images">The images shown before it.</param>
    /// <param name="figures">What it is best by.</param>
    public void MarkBest(long images, IReadOnlyDictionary<string, double> figures)
    {
        if (!File.Exists(PathOf(images)))
            throw new ArgumentException($"There is no snapshot after {images} images.", nameof(images));
        OwnFile.Write(BestPath, RunDescription.IsOne, stream => JsonSerializer.Serialize(stream,
            new BestSnapshot(images, figures, RunDescription.Tool), TrainingOptions.Json));
    }

    /// <summary>The figures of a file that is the best snapshot of a run; null of any other.</summary>
    public static IReadOnlyDictionary<string, double>? FiguresOf(string path)
    {
        path = Path.GetFullPath(path);
        return Path.GetDirectoryName(path) is { } folder && Path.GetFileName(folder) == FolderName
            && new SnapshotFolder(Path.GetDirectoryName(folder)!).List()
                .FirstOrDefault(s => s.Path == path) is { Figures: { Count: > 0 } figures }
            ? figures : null;
    }

    private string PathOf(long images) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Start}{Tick.ToKimg(images):000000}{Extension}"));

    private static long ImagesOf(CheckpointInfo info) => info.Step * info.Options.ImagesPerStep;

    // A name that people gave a copy is theirs.
    private IEnumerable<string> Files() => !Directory.Exists(_folder) ? [] : Directory.EnumerateFiles(_folder, $"{Start}*{Extension}")
        .Where(path => Path.GetFileNameWithoutExtension(path)[Start.Length..].All(char.IsAsciiDigit));

    private Snapshot? Read(string path, BestSnapshot? best)
    {
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null } file || !WeightsFile.IsOne(path))
            return null;
        try
        {
            using var weights = WeightsFile.Open(path);
            var images = ImagesOf(weights.Info);
            var isBest = best is not null && best.Images == images;
            return path != PathOf(images) ? null : new Snapshot
            {
                Path = path,
                Images = images,
                Kimg = Tick.ToKimg(images),
                Size = file.Length,
                IsBest = isBest,
                Figures = isBest ? best!.Figures : new Dictionary<string, double>(),
            };
        }
        catch (TrainingException)
        {
            return null;
        }
    }

    private BestSnapshot? ReadBest()
    {
        try
        {
            return File.Exists(BestPath)
                && JsonSerializer.Deserialize<BestSnapshot>(File.ReadAllText(BestPath), TrainingOptions.Json) is { Figures: not null } best
                ? best : null;
        }
        // What JSON that isn't as expected can raise: half a character, say.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or IOException
            or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The file <c>best.json</c>.</summary>
    private sealed record BestSnapshot(long Images, IReadOnlyDictionary<string, double> Figures, string Tool);
}
