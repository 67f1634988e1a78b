using System.CommandLine;
using GanOnnx.CommandLine;

namespace GanOnnx.Training.Cli;

/// <summary>What the pictures suggest for a run without a preset: told and taken; a terminal is asked first, unless there is
/// <c>--auto</c>.</summary>
internal static class AdvisedOptions
{
    /// <summary>The options with what is taken of the advice; null where none is.</summary>
    /// <param name="run">The run with the options that were said.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="auto">Whether it is taken without a question.</param>
    /// <param name="stop">Stops looking.</param>
    public static TrainingOptions? For(TrainingRun run, ParseResult parsed, bool auto, CancellationToken stop)
    {
        // Whoever goes on, or begins with other weights, has a recipe; so has whoever makes images of images.
        if (TrainingOverrides.NamesPreset(parsed) || run.Resume || run.Init is not null || run.Target is not null
            || run.Options.Task != new TrainingOptions().Task)
            return auto ? throw new UsageException("--auto is for a new run that makes images of noise, without --config, --init and "
                + "--target; leave one out.") : null;
        var advice = Trainer.Advise(run, TrainingOverrides.Said(parsed), stop);
        AdvisedOption[] all = [.. advice.Preset is { } preset ? [preset] : Array.Empty<AdvisedOption>(), .. advice.Options];
        if (all.Length > 0 || advice.LeftPreset is not null)
            Console.Error.WriteLine("The data suggests");
        foreach (var option in all)
            Console.Error.WriteLine($"  {TrainingOverrides.NameOf(option.Key)} {option.Text}: {option.Reason}");
        if (advice.LeftPreset is { } left)
            Console.Error.WriteLine($"  --config {left.Text}: {left.Reason}; not taken beside a recipe of your own");
        if (all.Length == 0 || (!auto && !Agrees(stop)))
            return null;
        var begin = advice.Preset is { } named ? TrainingOverrides.Preset(named.Text) : new TrainingOptions();
        return TrainingOverrides.Read(parsed, begin.With(advice.Values));
    }

    // Where nobody can be asked, the recipe that holds is the default.
    private static bool Agrees(CancellationToken stop)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            return true;
        Console.Error.Write("Take them? [Y/n] ");
        var line = Task.Run(Console.ReadLine, stop);
        line.Wait(stop); // Ctrl-C doesn't end reading
        return line.Result is { } answer
            && (answer.Trim().Length == 0 || answer.Trim().StartsWith("y", StringComparison.OrdinalIgnoreCase));
    }
}
