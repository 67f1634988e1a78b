namespace GanOnnx.Training;

/// <summary>How learning rates change while training goes on.</summary>
public static class LearningRateSchedule
{
    private static readonly Dictionary<string, (string Description, Func<double, double> At)> _schedules = new()
    {
        ["constant"] = ("the learning rates stay", _ => 1),
        ["linear"] = ("down to 0 at the end in a straight line", progress => 1 - progress),
        ["constant-linear"] = ("as they are over the first half, then down to 0 in a straight line (CycleGAN)",
            progress => Math.Min(1, 2 * (1 - progress))),
        ["cosine"] = ("down to 0 at the end along half a wave of the cosine", progress => (1 + Math.Cos(Math.PI * progress)) / 2),
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => [.. _schedules.Keys];

    /// <summary>A schedule in one line.</summary>
    /// <exception cref="KeyNotFoundException">There is no such schedule.</exception>
    public static string Description(string name) => _schedules[name].Description;

    /// <summary>Which part of the learning rate a step takes, 0 … 1.</summary>
    /// <param name="options">The schedule's name, its warm-up and how long training takes.</param>
    /// <param name="imagesSeen">Real images shown before the step.</param>
    internal static double At(TrainingOptions options, long imagesSeen)
    {
        var kimg = imagesSeen / 1000.0;
        if (kimg < options.WarmupKimg)
            return (imagesSeen + options.ImagesPerStep) / (options.WarmupKimg * 1000 + options.ImagesPerStep);
        var progress = (kimg - options.WarmupKimg) / Math.Max(1e-9, options.Kimg - options.WarmupKimg);
        return _schedules[options.Schedule].At(Math.Clamp(progress, 0, 1));
    }
}
