using System.Runtime.InteropServices;
using GanOnnx.Data;
using GanOnnx.Shared;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Data;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Monitoring.Report;
using GanOnnx.Training.Monitoring.TensorBoard;

namespace GanOnnx.Training;

/// <summary>The names that a run writes under in its folder, which may hold other files, the data among them.</summary>
internal static partial class RunFolder
{
    // On Unix; what the user's mask leaves of it.
    private const int AllRights = 0x1FF;

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

    /// <summary>
    /// Makes a folder of a run's if it is missing, but never the run's own, which is made once, at the start: where somebody removes that,
    /// nothing of it comes back.
    /// </summary>
    /// <exception cref="IOException">The run's folder isn't there.</exception>
    public static void MakeInside(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        if (!Directory.Exists(parent))
            throw new DirectoryNotFoundException($"The folder '{parent}' isn't there.");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        // .NET would make the parent as well, where it goes at this moment.
        else if (MakeFolder(folder, AllRights) != 0 && !Directory.Exists(folder))
            throw new IOException($"The folder '{folder}' can't be made: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "mkdir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeFolder(string path, int mode);

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
