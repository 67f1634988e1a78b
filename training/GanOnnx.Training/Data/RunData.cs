using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training.Data;

/// <summary>A run's data: opened, decoded, and whether it is enough for what the run asks of it.</summary>
internal static class RunData
{
    /// <summary>Opens a run's data and checks what can be known before it is decoded.</summary>
    /// <exception cref="TrainingException">There is none, or it isn't enough.</exception>
    public static IImageSource Open(TrainingRun run)
    {
        var source = OpenSource(run);
        try
        {
            CheckCount(run, source.Count);
            CheckSecondImages(run, source.SecondImages);
            Classes(run, source.Classes);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Decodes an open source into the run's folder.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static ImageDataset Decode(TrainingRun run, IImageSource source, Action<int, int> progress, CancellationToken stop) =>
        ImageDataset.Decode(NameOf(run), source, PathOf(run), run.Options.Size, run.Options.Channels, progress, stop);

    /// <summary>Opens the images of a run that goes on: those it keeps, or the data again, where they are known to be the same.</summary>
    /// <exception cref="TrainingException">The data has other images than the checkpoint was trained on.</exception>
    public static ImageDataset Reopen(TrainingRun run, CheckpointInfo info, Action<int, int> progress, CancellationToken stop)
    {
        if (ImageDataset.TryOpen(PathOf(run)) is { } kept)
        {
            if (kept.Source == ImageSources.FullName(NameOf(run)) && kept.Fingerprint == info.DataFingerprint)
                return kept;
            kept.Dispose();
        }
        using var source = OpenSource(run);
        return ImageDataset.Decode(NameOf(run), source, PathOf(run), run.Options.Size, run.Options.Channels, progress, stop, fingerprint =>
        {
            if (fingerprint != info.DataFingerprint)
                throw new TrainingException($"The checkpoint was trained on other images ('{info.Data}') than '{run.Data}' has now. Give "
                    + "the same data, or start a new run.");
        });
    }

    /// <summary>Checks that there are enough images for a batch.</summary>
    /// <exception cref="TrainingException">There aren't.</exception>
    public static void CheckCount(TrainingRun run, int images)
    {
        if (images < run.Options.BatchSize)
            throw new TrainingException($"'{run.Data}' has {images} images, fewer than a batch of {run.Options.BatchSize}. Add images or "
                + "lower --batch.");
    }

    private static void CheckSecondImages(TrainingRun run, SecondImages found)
    {
        var needed = TrainingTasks.Of(run.Options).SecondImages;
        if (needed != SecondImages.None && needed != found)
            throw new TrainingException($"The task {run.Options.Task} needs {Words(needed)}, but '{run.Data}' has {Words(found)}. "
                + "Give other data.");

        static string Words(SecondImages images) => images switch
        {
            SecondImages.Paired => "a second image for each image",
            SecondImages.Unpaired => "a second set of images",
            _ => "single images",
        };
    }

    private static IImageSource OpenSource(TrainingRun run) => run.Target is null
        ? ImageSources.Open(run.Data)
        : ImagePairs.Open(run.Data, run.Target);

    private static string NameOf(TrainingRun run) => run.Target is null ? run.Data : $"{run.Data} with {run.Target}";

    private static string PathOf(TrainingRun run) => Path.Combine(run.Folder, ImageDataset.FileName);

    /// <summary>The classes' names as the run has them; none where it uses no labels.</summary>
    /// <exception cref="TrainingException">The data has no labels, or names are given for another number of classes.</exception>
    public static string[] Classes(TrainingRun run, IReadOnlyList<string> found)
    {
        if (!run.Options.IsConditional)
            return [];
        if (found.Count == 0)
            throw new TrainingException($"'{run.Data}' has no labels, but the condition {run.Options.Condition} needs them. Give a "
                + "folder with a subfolder for each class or IDX files with labels, or leave the condition out.");
        if (run.Options.ClassNames is not { } names)
            return [.. found];
        var given = TrainingOptions.Split(names);
        return given.Length == found.Count
            ? given
            : throw new TrainingException(
                $"'{run.Data}' has {found.Count} classes ({string.Join(", ", found)}), but {given.Length} names are given for them. Give "
                + "a name for each, in this order.");
    }
}
