using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training;

/// <summary>What is wrong with options, a clause each, found before anything is loaded.</summary>
internal static class TrainingOptionsRules
{
    public static IEnumerable<string> Errors(TrainingOptions options) =>
        [.. Names(options), .. TrainingTasks.Catalog.Find(options.Task)?.Errors(options) ?? [], .. Numbers(options), .. Relations(options)];

    private static IEnumerable<string> Names(TrainingOptions options)
    {
        foreach (var option in TrainingOption.OfEveryRun.Where(o => o.Choice is "task" or "loss" or "schedule" or "precision" or "fit" or "side-by-side"
            or "derivation"))
            if (option.In(options) is string name && option.Choices.All(choice => choice.Name != name))
                yield return $"there is no {option.Choice} '{name}'; there are: "
                    + $"{string.Join(", ", option.Choices.Select(choice => choice.Name))}";
        if (TrainingTasks.Catalog.Find(options.Task) is { } kind && kind.Architectures.All(choice => choice.Name != options.Architecture))
            yield return $"there is no architecture '{options.Architecture}'; there are: "
                + $"{string.Join(", ", kind.Architectures.Select(choice => choice.Name))}";
        foreach (var name in options.Metrics is { } metrics ? TrainingOptions.SplitList(metrics) : [])
            if (!EvaluationMetrics.Names.Contains(name))
                yield return $"there is no metric '{name}'; there are: {string.Join(", ", EvaluationMetrics.Names)}";
        foreach (var (key, _) in options.Network)
            if (TrainingOption.OfArchitectures.All(option => option.Key != key))
                yield return $"there is no option '{key}'";
    }

    // What several options' sentence is the same for is told once, with all their values.
    private static IEnumerable<string> Numbers(TrainingOptions options) =>
        from option in TrainingOption.OfEveryRun.Concat(TrainingTasks.NetworkOptionsOf(options))
        where option.Rule is not null
        group option by option.Sentence into rule
        where rule.Any(option => !option.Allows(option.In(options)))
        select $"{rule.Key}, not {string.Join(" and ", rule.Select(option => TrainingOption.Text(option.In(options))))}";

    private static IEnumerable<string> Relations(TrainingOptions options)
    {
        if (options is { SideBySide: not null, Derive: not null })
            yield return "pairs are either side by side or derived of the pictures; leave one out";
        if ((options.SideBySide ?? options.Derive) is { } pairs
            && TrainingTasks.Catalog.Find(options.Task) is { SecondImages: not SecondImages.Paired })
            yield return $"{options.Task} doesn't learn of pairs, which {pairs} makes; choose the task pix2pix, or leave it out";
        string[] unused =
        [
            .. from option in TrainingOption.OfEveryRun
               where TrainingTasks.Catalog.Find(options.Task)?.Unused.Contains(option.Key) == true
               where TrainingOption.Text(option.In(options)) != TrainingOption.Text(option.Default)
               select option.Name ?? option.Key,
        ];
        if (unused.Length > 0)
            yield return $"{options.Task} has no use for {string.Join(" and ", unused)}; leave {(unused.Length > 1 ? "them" : "it")} out";
        if (options is { Derive: Derivations.Grey, Channels: 1 })
            yield return "images of one channel have no color, so that grey derives the same of them; choose three channels, or "
                + "derive others";
        if (options.Shards > 1)
            foreach (var error in Shards(options))
                yield return error;
        if (!(options.WarmupKimg >= 0 && options.WarmupKimg < Math.Max(1, options.Kimg)))
            yield return FormattableString.Invariant(
                $"the warm-up takes 0 kimg or more and less than training's {options.Kimg}, not {options.WarmupKimg}");
    }

    private static IEnumerable<string> Shards(TrainingOptions options)
    {
        if (TrainingTasks.Catalog.Find(options.Task) is { CanShard: false })
            yield return $"{options.Task} can't be trained in shards; leave --shards out";
        if (!int.IsPow2(options.Shards))
            yield return $"the shards are a power of two, not {options.Shards}";
        else if (options.BatchSize % options.Shards != 0)
            yield return $"a batch of {options.BatchSize} can't be divided into {options.Shards} equal shards";
        else if (options.BatchSize / options.Shards < 2)
            yield return $"a shard has 2 images or more, but a batch of {options.BatchSize} in {options.Shards} shards leaves 1 for each";
    }
}
