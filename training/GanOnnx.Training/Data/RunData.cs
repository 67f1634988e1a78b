namespace GanOnnx.Training.Data;

/// <summary>Whether data is enough for what a run asks of it.</summary>
internal static class RunData
{
    /// <summary>Opens a run's data and checks what can be known before it is decoded.</summary>
    /// <exception cref="TrainingException">There is none, or it isn't enough.</exception>
    public static IImageSource Open(TrainingRun run)
    {
        var source = ImageSources.Open(run.Data);
        try
        {
            CheckCount(run, source.Count);
            Classes(run, source.Classes);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Checks that there are enough images for a batch.</summary>
    /// <exception cref="TrainingException">There aren't.</exception>
    public static void CheckCount(TrainingRun run, int images)
    {
        if (images < run.Options.BatchSize)
            throw new TrainingException($"'{run.Data}' has {images} images, fewer than a batch of {run.Options.BatchSize}. Add images or lower --batch.");
    }

    /// <summary>The classes' names as the run has them; none where it uses no labels.</summary>
    /// <exception cref="TrainingException">The data has no labels, or names are given for another number of classes.</exception>
    public static string[] Classes(TrainingRun run, IReadOnlyList<string> found)
    {
        if (!run.Options.IsConditional)
            return [];
        if (found.Count == 0)
            throw new TrainingException($"'{run.Data}' has no labels, but the condition {run.Options.Condition} needs them. Give a folder with a subfolder for each class or IDX files with labels, or leave the condition out.");
        if (run.Options.ClassNames is not { } names)
            return [.. found];
        var given = TrainingOptions.Split(names);
        return given.Length == found.Count
            ? given
            : throw new TrainingException($"'{run.Data}' has {found.Count} classes ({string.Join(", ", found)}), but {given.Length} names are given for them. Give a name for each, in this order.");
    }
}
