using GanOnnx.Shared;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Data;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.Report;
using GanOnnx.Training.Monitoring.TensorBoard;

namespace GanOnnx.Training;

/// <summary>The names that a run writes under in its folder, which may hold other files, the data among them.</summary>
internal static class RunFolder
{
    /// <summary>Checks before anything is written that none of a run's names is taken by what isn't ours.</summary>
    /// <exception cref="TrainingException">One is.</exception>
    public static void Check(string folder)
    {
        try
        {
            CheckFiles(folder);
        }
        catch (IOException e)
        {
            throw new TrainingException(e.Message, e);
        }
    }

    private static void CheckFiles(string folder)
    {
        OwnFile.Check(Path.Combine(folder, RunLock.FileName), RunLock.IsOne);
        OwnFile.Check(Path.Combine(folder, Checkpoint.FileName), Checkpoint.IsOne);
        OwnFile.Check(Path.Combine(folder, RunDescription.FileName), RunDescription.IsOne);
        OwnFile.Check(Path.Combine(folder, ImageDataset.FileName), ImageDataset.IsOne);
        OwnFile.Check(Path.Combine(folder, MetricsLog.FileName), MetricsLog.IsOne);
        OwnFile.Check(Path.Combine(folder, HtmlReport.FileName), HtmlReport.IsOne);
        new SnapshotFolder(folder).Check();
        // Its files get names that are free.
        if (Path.Combine(folder, TensorBoardLog.FolderName) is var events && File.Exists(events))
            throw Taken(events);
        CheckSamples(Path.Combine(folder, SampleGrid.FolderName));
    }

    /// <summary>Takes a folder for a run: nobody else's, and without what killed runs left half written.</summary>
    /// <exception cref="TrainingException">It is another's, or a name in it is taken by what isn't ours.</exception>
    public static RunLock Take(string folder)
    {
        Check(folder);
        var held = RunLock.Take(folder);
        Temporary.Clean(folder);
        Temporary.Clean(Path.Combine(folder, SampleGrid.FolderName));
        Temporary.Clean(Path.Combine(folder, SnapshotFolder.FolderName));
        return held;
    }

    // Where a run's description lies beside it, it was free when that run began; each picture is looked at again before it is replaced.
    private static void CheckSamples(string folder)
    {
        var foreign = File.Exists(folder) || new DirectoryInfo(folder).LinkTarget is not null
            || (Directory.Exists(folder) && !RunMark.IsSamples(folder)
                && Directory.EnumerateFileSystemEntries(folder).Any(f => !SampleGrid.IsOne(f) && !SampleGrid.IsReals(f)));
        if (foreign)
            throw Taken(folder);
        if (Directory.Exists(folder))
            foreach (var picture in Directory.EnumerateFiles(folder, SampleGrid.Pattern))
                OwnFile.Check(picture, SampleGrid.IsOne);
        OwnFile.Check(Path.Combine(folder, SampleGrid.RealsName), SampleGrid.IsReals);
    }

    private static TrainingException Taken(string folder) =>
        new($"'{folder}' isn't known to be of this program, and a run would write there. Move it away or choose another folder "
            + "for the run.");
}
