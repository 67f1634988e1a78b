namespace GanOnnx.Training;

/// <summary>How learning rates change while training goes on.</summary>
public static class LearningRateSchedule
{
    private static readonly Dictionary<string, Func<double, double>> _schedules = new()
    {
        ["constant"] = _ => 1,
        ["linear"] = progress => 1 - progress,
        ["cosine"] = progress => (1 + Math.Cos(Math.PI * progress)) / 2,
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => [.. _schedules.Keys];

    /// <summary>Which part of the learning rate a step takes, 0 … 1.</summary>
    /// <param name="options">The schedule's name, its warm-up and how long training takes.</param>
    /// <param name="imagesSeen">Real images shown before the step.</param>
    internal static double At(TrainingOptions options, long imagesSeen)
    {
        var kimg = imagesSeen / 1000.0;
        if (kimg < options.WarmupKimg)
            return (imagesSeen + options.ImagesPerStep) / (options.WarmupKimg * 1000 + options.ImagesPerStep);
        var progress = (kimg - options.WarmupKimg) / Math.Max(1e-9, options.Kimg - options.WarmupKimg);
        return _schedules[options.Schedule](Math.Clamp(progress, 0, 1));
    }
}
