using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Training.Checkpoints;
using GanOnnx.Training.Monitoring;
using GanOnnx.Training.Tasks;
using GanOnnx.Training.Tasks.NoiseToSound;
using GanOnnx.Training.Tasks.NoiseToVideo;

namespace GanOnnx.Training.Data;

/// <summary>A run's data: opened, decoded, and whether it is enough for what the run asks of it.</summary>
internal static class RunData
{
    /// <summary>Tells what a run's data is.</summary>
    /// <exception cref="TrainingException">There is none.</exception>
    public static DataSummary Survey(TrainingRun run, CancellationToken stop)
    {
        using var source = OpenSource(run, stop);
        CheckSecondImages(run, source.SecondImages);
        CheckMedium(run, source);
        return DataSummary.Of(source, run.Options.Size, run.Options.CropMargin);
    }

    /// <summary>Tells what a run's data suggests.</summary>
    /// <exception cref="TrainingException">There is none, or it isn't enough for what stays as it is.</exception>
    public static RecipeAdvice Advise(TrainingRun run, IEnumerable<string> said, CancellationToken stop)
    {
        using var source = OpenSource(run, stop);
        var advice = RecipeAdvice.Of(source, run.Cuda).Without(said);
        // A batch that was said stays as it is, whatever the preset.
        if (advice.Preset is null || said.Contains("batchSize"))
            CheckCount(run, source.Count);
        if (advice.Preset is not null)
            return advice;
        Classes(run, source.Classes);
        return advice;
    }

    /// <summary>Opens a run's data, tells what it is, and checks what can be known before it is decoded.</summary>
    /// <exception cref="TrainingException">There is none, or it isn't enough.</exception>
    public static IImageSource Open(TrainingRun run, ITrainingMonitor monitor, CancellationToken stop)
    {
        var source = OpenSource(run, stop);
        try
        {
            CheckCount(run, source.Count);
            CheckSecondImages(run, source.SecondImages);
            CheckMedium(run, source);
            CheckCaptions(run, source);
            Classes(run, source.Classes);
            monitor.Found(DataSummary.Of(source, run.Options.Size, run.Options.CropMargin));
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
        ForTraining(() => Decode(run, source, progress, stop, check: null));

    private static ImageDataset Decode(TrainingRun run, IImageSource source, Action<int, int> progress, CancellationToken stop,
        Action<string, IReadOnlyList<string>, IReadOnlyList<int>>? check) =>
        ImageDataset.Decode(NameOf(run), source, PathOf(run), source is IRecordings ? NoiseToSoundKind.PictureSize : run.Options.Size,
            run.Options.Channels, progress, stop, check, run.Options.CropMargin);

    /// <summary>Opens the images of a run that goes on: those it keeps, where the data is still the same.</summary>
    /// <exception cref="TrainingException">The data has other images or labels than the run began with, and the run doesn't keep those or
    /// isn't told to go on with them.</exception>
    public static ImageDataset Reopen(TrainingRun run, CheckpointInfo info, ITrainingMonitor monitor, CancellationToken stop)
    {
        CheckTarget(run);
        var kept = ImageDataset.TryOpen(PathOf(run));
        if (kept is not null && kept.Fingerprint != info.DataFingerprint)
        {
            kept.Dispose();
            kept = null;
        }
        if (kept is not null && kept.Source == ImageSources.FullName(NameOf(run)) && IsUntouched(run, kept))
        {
            monitor.Found(DataSummary.Of(kept));
            return kept;
        }
        // Where a file is open, it can't be replaced on every system.
        kept?.Dispose();
        try
        {
            using var source = OpenSource(run, stop);
            var data = ForTraining(() => Decode(run, source, monitor.Decoding, stop, (fingerprint, classes, labels) =>
            {
                if (Difference(run, info, kept, fingerprint, classes, labels) is { } difference)
                    throw new TrainingException(difference) { Option = kept is null ? null : "data-changed" };
            }));
            monitor.Found(DataSummary.Of(source, run.Options.Size, run.Options.CropMargin));
            return data;
        }
        catch (TrainingException e) when (kept is not null && run.DataChanged == DataChanged.Keep)
        {
            var images = ImageDataset.TryOpen(PathOf(run))!;
            monitor.Found(DataSummary.Of(images, e.Message));
            return images;
        }
    }

    /// <summary>Opens the images that a run's first worker has decoded.</summary>
    /// <exception cref="TrainingException">They aren't there.</exception>
    public static ImageDataset OpenDecoded(TrainingRun run) => ImageDataset.TryOpen(PathOf(run))
        ?? throw new TrainingException($"'{run.Folder}' hasn't the images that worker 0 decoded: all workers need the same folder, on a disk "
            + "that they share.");

    // Names, lengths and times tell it at once; where they differ, the pixels decide.
    private static bool IsUntouched(TrainingRun run, ImageDataset kept)
    {
        try
        {
            return kept.Stamp == (run.Target is null ? ImageSources.Stamp(run.Data) : TwoSources.Stamp(run.Data, run.Target));
        }
        catch (DataException)
        {
            return false;
        }
    }

    private static string? Difference(TrainingRun run, CheckpointInfo info, ImageDataset? kept, string fingerprint,
        IReadOnlyList<string> classes, IReadOnlyList<int> labels)
    {
        if (kept is null)
            return fingerprint == info.DataFingerprint ? null
                : $"The checkpoint was trained on other images ('{info.Data}') than '{run.Data}' has now. Give the same data, or start a new "
                    + "run.";
        if (fingerprint == info.DataFingerprint && classes.SequenceEqual(kept.Classes) && labels.SequenceEqual(kept.Labels))
            return null;
        return FormattableString.Invariant($"'{run.Data}' has changed since the run began: it has {labels.Count:#,0} images now")
            + (labels.Count != kept.Count ? FormattableString.Invariant($", and the run began with {kept.Count:#,0}.")
                : fingerprint == info.DataFingerprint ? ", as before, but with other labels." : ", as before, but others.")
            + " The run can go on with those it keeps; to train on what is there now, begin a new one.";
    }

    /// <summary>Checks that there are enough images for a batch.</summary>
    /// <exception cref="TrainingException">There aren't.</exception>
    public static void CheckCount(TrainingRun run, int images)
    {
        if (images < run.Options.BatchSize)
            throw new TrainingException($"'{run.Data}' has {images} images, fewer than a batch of {run.Options.BatchSize}. Add images "
                + "or make batches smaller.")
            {
                Option = "batch",
            };
        if (run.Options.HoldOut is { } heldOut && images - heldOut < run.Options.BatchSize)
            throw new TrainingException($"'{run.Data}' has {images} images. Without the {heldOut} that are held out there are fewer than a "
                + $"batch of {run.Options.BatchSize} to train on. Hold out fewer, or make batches smaller.")
            {
                Option = "hold-out",
            };
    }

    private static void CheckMedium(TrainingRun run, IImageSource source)
    {
        var (needed, found) = (TrainingTasks.Of(run.Options).Medium,
            source is IRecordings ? TrainingMedium.Sounds : source is IClips ? TrainingMedium.Clips : TrainingMedium.Pictures);
        if (needed != found)
            throw new TrainingException(needed switch
            {
                TrainingMedium.Sounds => $"The task {run.Options.Task} learns of recordings, but '{run.Data}' has {Words(found)}. Give WAV files, or choose "
                    + "another task.",
                TrainingMedium.Clips => $"The task {run.Options.Task} learns of clips, but '{run.Data}' has {Words(found)}. Give animations or folders of "
                    + "frames, or choose another task.",
                _ => $"'{run.Data}' has {Words(found)}, of which the task {run.Options.Task} doesn't learn. Choose the task "
                    + $"{(found == TrainingMedium.Sounds ? "wavegan" : "mocogan")}, or give pictures.",
            })
            {
                Option = "task",
            };

        static string Words(TrainingMedium medium) => medium switch
        {
            TrainingMedium.Sounds => "recordings",
            TrainingMedium.Clips => "clips",
            _ => "pictures",
        };
    }

    private static void CheckCaptions(TrainingRun run, IImageSource source)
    {
        if (run.Options.TakesText && source.CaptionsOf(0).Count == 0)
            throw new TrainingException($"'{run.Data}' has no captions that are read, but the condition text needs them. Give pictures with a "
                + "table captions.csv or with texts beside them.");
    }

    private static void CheckSecondImages(TrainingRun run, SecondImages found)
    {
        var needed = TrainingTasks.Of(run.Options).SecondImages;
        if (needed != SecondImages.None && needed != found)
            throw new TrainingException($"The task {run.Options.Task} needs {Words(needed)}, but '{run.Data}' has {Words(found)}. "
                + "Give other data.")
            {
                Option = "target",
            };

        static string Words(SecondImages images) => images switch
        {
            SecondImages.Paired => "a second image for each image",
            SecondImages.Unpaired => "a second set of images",
            _ => "single images",
        };
    }

    private static IImageSource OpenSource(TrainingRun run, CancellationToken stop)
    {
        CheckTarget(run);
        var second = TrainingTasks.Of(run.Options).SecondImages;
        return ForTraining<IImageSource>(() =>
        {
            var options = DataOptions.Of(run.Options.Split, run.Options.Fit, run.Options.Size + run.Options.CropMargin) with
            {
                WithCaptions = run.Options.TakesText,
                Captions = run.Options.Captions,
                Sound = TrainingTasks.Of(run.Options).Medium == TrainingMedium.Sounds ? NoiseToSoundKind.FormOf(run.Options)
                    : SoundForm.Default,
                Frames = TrainingTasks.Of(run.Options).Medium == TrainingMedium.Clips ? NoiseToVideoKind.FramesOf(run.Options) : null,
            };
            return run switch
            {
                { Options.SideBySide: { } direction } => SideBySidePairs.Open(run.Data, direction, options, stop),
                { Options.Derive: { } derivation } => DerivedPairs.Open(run.Data, derivation, run.Options.Seed, options, stop),
                { Target: null } => ImageSources.Open(run.Data, options with { Second = second }, stop),
                _ when second == SecondImages.Unpaired => UnpairedImages.Open(run.Data, run.Target, options, stop),
                _ => ImagePairs.Open(run.Data, run.Target, options, stop),
            };
        });
    }

    private static void CheckTarget(TrainingRun run)
    {
        if (run.Target is not null && (run.Options.SideBySide is not null || run.Options.Derive is not null))
            throw new TrainingException($"'{run.Target}' is given as the target, but {(run.Options.SideBySide is null
                ? $"each image of '{run.Data}' is the target of what is derived of it" : $"each picture of '{run.Data}' is a pair already")}. "
                + "Leave one of the two out.")
            {
                Option = "target",
            };
    }

    // What is wrong with the data is what is wrong with the run.
    private static T ForTraining<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DataException e)
        {
            throw new TrainingException(e.Message, e) { Option = e.Option };
        }
    }

    private static string NameOf(TrainingRun run) => run.Target is null ? run.Data : $"{run.Data} with {run.Target}";

    private static string PathOf(TrainingRun run) => Path.Combine(run.Folder, ImageDataset.FileName);

    /// <summary>The classes' names as the run has them; none where it uses no labels.</summary>
    /// <exception cref="TrainingException">The data has no labels, or names are given for another number of classes.</exception>
    public static string[] Classes(TrainingRun run, IReadOnlyList<string> found)
    {
        if (!run.Options.IsConditional || run.Options.TakesText)
            return [];
        if (found.Count == 0)
            throw new TrainingException($"'{run.Data}' has no labels, but the condition {run.Options.Condition} needs them. Give a "
                + "folder with a subfolder for each class or IDX files with labels, or leave the condition out.");
        if (run.Options.ClassNames is not { } names)
            return [.. found];
        var given = TrainingOptions.SplitList(names);
        return given.Length == found.Count
            ? given
            : throw new TrainingException(
                $"'{run.Data}' has {found.Count} classes ({string.Join(", ", found)}), but {given.Length} names are given for them. Give "
                + "a name for each, in this order.");
    }
}
