using GanOnnx.Training.Tasks;

namespace GanOnnx.Training;

/// <summary>An option that a run has had another value of since it went on.</summary>
/// <param name="Step">Steps done before.</param>
/// <param name="Kimg">Thousands of real images shown before.</param>
/// <param name="Option">The option's <see cref="TrainingOption.Key"/>.</param>
/// <param name="From">What it was before; empty for none.</param>
/// <param name="To">What it is since; empty for none.</param>
public sealed record OptionChange(long Step, double Kimg, string Option, string From, string To)
{
    /// <summary>What is different between the options of a checkpoint and those it goes on with.</summary>
    internal static OptionChange[] Between(TrainingOptions before, TrainingOptions now, long step) =>
    [
        .. from option in TrainingOption.OfEveryRun.Concat(TrainingTasks.NetworkOptionsOf(now))
           let was = option.In(before)
           let willBe = option.In(now)
           where !Equals(was, willBe)
           select new OptionChange(step, step * before.ImagesPerStep / 1000.0, option.Key, TrainingOption.Text(was),
               TrainingOption.Text(willBe)),
    ];

    /// <summary>Checks that a run can go on with them.</summary>
    /// <exception cref="TrainingException">It can't.</exception>
    internal static void Check(TrainingOptions before, TrainingRun run)
    {
        if (before.DependsOnLength && run.Options.DependsOnLength && run.Options.Kimg != before.Kimg)
            throw new TrainingException($"The checkpoint in '{run.Folder}' was trained for {before.Kimg} kimg with a learning "
                + "rate or noise that ends there, so its length can't change. Leave the length as it was, or begin a new run with its "
                + "weights.")
            {
                Option = "init",
            };
        if (before.CropMargin > 0 != run.Options.CropMargin > 0)
            throw new TrainingException($"The checkpoint in '{run.Folder}' was trained {(before.CropMargin > 0 ? "on" : "without")} crops, "
                + "and its images were decoded for that, so crop can't be changed. Leave it as it was, or begin a new run with its "
                + "weights.")
            {
                Option = "init",
            };
        var may = TrainingOption.OfEveryRun.Where(option => option.CanChange).Select(option => option.Key).ToArray();
        var refused = Between(before, run.Options, step: 0).Where(change => !may.Contains(change.Option)).ToArray();
        if (refused.Length > 0)
            throw new TrainingException($"The checkpoint in '{run.Folder}' was trained with other options: "
                + $"{string.Join(", ", refused.Select(c => $"{c.Option} {Quoted(c.From)}, not {Quoted(c.To)}"))}. A run that goes on can "
                + $"change {string.Join(", ", may)}; for the rest, begin a new run with its weights.")
            {
                Option = "init",
            };
    }

    /// <summary>A run's history with what is new.</summary>
    /// <param name="before">What its <c>run.json</c> has.</param>
    /// <param name="changes">What is new.</param>
    /// <param name="now">The options it goes on with.</param>
    /// <param name="step">Steps done before.</param>
    /// <returns>Null where nothing was ever changed.</returns>
    internal static IReadOnlyList<OptionChange>? Join(IReadOnlyList<OptionChange> before, IReadOnlyList<OptionChange> changes,
        TrainingOptions now, long step)
    {
        // A run that was killed after it went on begins at its checkpoint again, perhaps with other options.
        var values = TrainingOption.OfEveryRun.ToDictionary(option => option.Key, option => TrainingOption.Text(option.In(now)));
        OptionChange[] joined =
        [
            .. before.Where(c => c.Step < step || (c.Step == step && values.GetValueOrDefault(c.Option) == c.To
                && changes.All(change => change.Option != c.Option))),
            .. changes,
        ];
        return joined.Length > 0 ? joined : null;
    }

    private static string Quoted(string value) => value.Length == 0 ? "none" : value;
}
