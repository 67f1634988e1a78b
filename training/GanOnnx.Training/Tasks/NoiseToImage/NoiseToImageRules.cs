using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;

namespace GanOnnx.Training.Tasks.NoiseToImage;

/// <summary>What doesn't go together in a GAN's options, a clause each.</summary>
internal static class NoiseToImageRules
{
    /// <param name="options">The options.</param>
    /// <param name="architecture">The networks that they name; null where there are none of that name.</param>
    public static IEnumerable<string> Errors(TrainingOptions options, Architecture? architecture) =>
        Networks(options, architecture).Concat(Loss(options, architecture)).Concat(Augmentation(options));

    private static IEnumerable<string> Networks(TrainingOptions options, Architecture? architecture)
    {
        if (architecture is null)
            yield break;
        if (architecture.Sizes.Count > 0 && !architecture.Sizes.Contains(options.Size))
            yield return $"{options.Architecture} makes images of {Or(architecture.Sizes)} pixels, not {options.Size}";
        string[] conditions = [.. architecture.Conditions.Prepend(Conditioning.None).Select(Conditions.NameOf)];
        if (!conditions.Contains(options.Condition))
            yield return $"{options.Architecture} takes labels by {Or(conditions)}, not '{options.Condition}'";
        if (options.Captions is not null && !options.TakesText)
            yield return $"captions are used by the condition text, not by '{options.Condition}'";
        if (options.BatchSize == 1)
            yield return "the batch size is 2 to 4096, not 1";
        if (options.MinibatchDiscrimination && architecture.BatchComparison is { } comparison)
            yield return $"{options.Architecture} compares the images of a batch in its own way ({comparison}); leave minibatch "
                + "discrimination out";
    }

    private static IEnumerable<string> Loss(TrainingOptions options, Architecture? architecture)
    {
        var loss = GanLosses.Find(options.Loss);
        if (options.LabelSmoothing is > 0 and < 1 && loss is { SupportsLabelSmoothing: false })
            yield return $"the loss {options.Loss} has no probabilities to smooth; leave label smoothing out, or take "
                + $"{Or(GanLosses.Names.Where(n => GanLosses.Find(n)!.SupportsLabelSmoothing))}";

        List<RegularizerSpec> specs = [];
        foreach (var text in TrainingOptions.SplitList(options.Regularizers))
            if (RegularizerSpec.TryParse(text, out var spec, out var error))
                specs.Add(spec!);
            else
                yield return error;
        foreach (var conflict in GanRegularizers.Conflicts(specs))
            yield return conflict;
        foreach (var spec in specs.Where(s => s.Regularizer.NeedsStyles && architecture is { HasIntermediateLatents: false }))
            yield return $"{spec.Name} needs intermediate latents, which "
                + $"{Or(Architectures.Names.Where(n => Architectures.Find(n)!.HasIntermediateLatents))} has and "
                + $"{options.Architecture} hasn't";
        foreach (var spec in specs.Where(s =>
            (s.Regularizer.IsLayer || s.Regularizer.Constraint is not null) && architecture is { HasEqualizedLearningRate: true }))
            yield return $"{spec.Name} and {options.Architecture}'s equalized learning rate, which keeps its weights at size 1, work "
                + "against each other; take r1 or gradient-penalty instead";
        foreach (var spec in specs.Where(s => s.Regularizer.NeedsText && !options.TakesText))
            yield return $"{spec.Name} is for the condition text, not for '{options.Condition}'";
        if (loss is { NeedsLipschitz: true } && !specs.Any(s => s.Regularizer.BoundsSlope))
            yield return $"the loss {options.Loss} has no end unless the discriminator's slope is bounded; add one of the regularizers "
                + $"{Or(GanRegularizers.Names.Where(n => GanRegularizers.Find(n)!.BoundsSlope))}";
        if (options.MinibatchDiscrimination && specs.FirstOrDefault(s => s.Regularizer.NeedsIndependentImages) is { } alone)
            yield return $"{alone.Name} looks at each image's score alone, which minibatch discrimination ties to the others; leave "
                + "one of them out";
    }

    private static IEnumerable<string> Augmentation(TrainingOptions options)
    {
        List<AugmentationSpec> specs = [];
        foreach (var text in TrainingOptions.SplitList(options.Augmentations))
            if (AugmentationSpec.TryParse(text, out var spec, out var error))
                specs.Add(spec!);
            else
                yield return error;
        foreach (var conflict in GanAugmentations.Conflicts(specs))
            yield return conflict;
    }

    private static string Or<T>(IEnumerable<T> values)
    {
        var texts = values.Select(v => $"{v}").ToArray();
        return texts.Length == 1 ? texts[0] : $"{string.Join(", ", texts[..^1])} or {texts[^1]}";
    }
}
