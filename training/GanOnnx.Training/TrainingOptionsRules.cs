using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;

namespace GanOnnx.Training;

/// <summary>What is wrong with options, a clause each, found before anything is loaded.</summary>
internal static class TrainingOptionsRules
{
    public static IEnumerable<string> Errors(TrainingOptions options) =>
        Networks(options).Concat(Loss(options)).Concat(Augmentation(options)).Concat(Numbers(options));

    private static IEnumerable<string> Networks(TrainingOptions options)
    {
        if (Architectures.Find(options.Architecture) is not { } architecture)
        {
            yield return $"there is no architecture '{options.Architecture}'; there are: {string.Join(", ", Architectures.Names)}";
            yield break;
        }
        if (!architecture.Sizes.Contains(options.Size))
            yield return $"{options.Architecture} makes images of {Or(architecture.Sizes)} pixels, not {options.Size}";
        var conditions = Architectures.ConditionsOf(options.Architecture);
        if (!conditions.Contains(options.Condition))
            yield return $"{options.Architecture} takes labels by {Or(conditions)}, not '{options.Condition}'";
        if (options.MinibatchDiscrimination && options.Architecture == "stylegan2")
            yield return "stylegan2 compares the images of a batch in its own way (minibatch standard deviation); leave minibatch discrimination out";
    }

    private static IEnumerable<string> Loss(TrainingOptions options)
    {
        var loss = GanLosses.Find(options.Loss);
        if (loss is null)
            yield return $"there is no loss '{options.Loss}'; there are: {string.Join(", ", GanLosses.Names)}";
        if (options.LabelSmoothing is not (>= 0 and < 1))
            yield return $"label smoothing is 0 to below 1, not {options.LabelSmoothing}";
        else if (options.LabelSmoothing > 0 && loss is { SupportsLabelSmoothing: false })
            yield return $"the loss {options.Loss} has no probabilities to smooth; leave label smoothing out, or take {Or(GanLosses.Names.Where(n => GanLosses.Find(n)!.SupportsLabelSmoothing))}";

        List<RegularizerSpec> specs = [];
        foreach (var text in TrainingOptions.Split(options.Regularizers))
            if (RegularizerSpec.TryParse(text, out var spec, out var error))
                specs.Add(spec!);
            else
                yield return error;
        foreach (var conflict in GanRegularizers.Conflicts(specs))
            yield return conflict;
        foreach (var spec in specs.Where(s => s.Regularizer.Generator is not null && options.Architecture != "stylegan2"))
            yield return $"{spec.Name} needs intermediate latents, which stylegan2 has and {options.Architecture} hasn't";
        foreach (var spec in specs.Where(s => (s.Regularizer.IsLayer || s.Regularizer.Constraint is not null) && options.Architecture == "stylegan2"))
            yield return $"{spec.Name} and stylegan2's equalized learning rate, which keeps its weights at size 1, work against each other; take r1 or gradient-penalty instead";
        if (loss is { NeedsLipschitz: true } && !specs.Any(s => s.Regularizer.BoundsSlope))
            yield return $"the loss {options.Loss} has no end unless the discriminator's slope is bounded; add one of the regularizers {Or(GanRegularizers.Names.Where(n => GanRegularizers.Find(n)!.BoundsSlope))}";
        if (options.MinibatchDiscrimination && specs.FirstOrDefault(s => s.Regularizer.NeedsIndependentImages) is { } alone)
            yield return $"{alone.Name} looks at each image's score alone, which minibatch discrimination ties to the others; leave one of them out";
    }

    private static IEnumerable<string> Augmentation(TrainingOptions options)
    {
        List<AugmentationSpec> specs = [];
        foreach (var text in TrainingOptions.Split(options.Augmentations))
            if (AugmentationSpec.TryParse(text, out var spec, out var error))
                specs.Add(spec!);
            else
                yield return error;
        foreach (var conflict in GanAugmentations.Conflicts(specs))
            yield return conflict;
    }

    private static IEnumerable<string> Numbers(TrainingOptions options)
    {
        (bool Holds, string Sentence)[] rules =
        [
            (options.Channels is null or 1 or 3, $"images have 1 or 3 channels, not {options.Channels}"),
            (options.LatentSize is >= 1 and <= 4096, $"the latent size is 1 to 4096, not {options.LatentSize}"),
            (options.Width is >= 1 and <= 1024, $"the width is 1 to 1024, not {options.Width}"),
            (options.BatchSize is >= 2 and <= 4096, $"the batch size is 2 to 4096, not {options.BatchSize}"),
            (options.DiscriminatorSteps is >= 1 and <= 100, $"the discriminator takes 1 to 100 steps for each of the generator, not {options.DiscriminatorSteps}"),
            (options.Kimg >= 1, $"training takes 1 kimg or more, not {options.Kimg}"),
            (options.TickKimg >= 1, $"a tick takes 1 kimg or more, not {options.TickKimg}"),
            (IsPositive(options.LearningRate), $"the learning rate is above 0, not {options.LearningRate}"),
            (options.DiscriminatorLearningRate is null || IsPositive(options.DiscriminatorLearningRate.Value), $"the discriminator's learning rate is above 0, not {options.DiscriminatorLearningRate}"),
            (LearningRateSchedule.Names.Contains(options.Schedule), $"there is no schedule '{options.Schedule}'; there are: {string.Join(", ", LearningRateSchedule.Names)}"),
            (options.WarmupKimg >= 0 && options.WarmupKimg < Math.Max(1, options.Kimg), $"the warm-up takes 0 kimg or more and less than training's {options.Kimg}, not {options.WarmupKimg}"),
            (options.Beta1 is >= 0 and < 1 && options.Beta2 is >= 0 and < 1, $"Adam's betas are 0 to below 1, not {options.Beta1} and {options.Beta2}"),
            (options.WeightDecay >= 0 && double.IsFinite(options.WeightDecay), $"the weight decay is 0 or above, not {options.WeightDecay}"),
            (options.GradientClip >= 0 && double.IsFinite(options.GradientClip), $"the gradient's largest norm is 0 (off) or above, not {options.GradientClip}"),
            (options.MappingLayers is >= 1 and <= 16, $"the mapping network has 1 to 16 layers, not {options.MappingLayers}"),
            (options.StyleMixing is >= 0 and <= 1, $"the part of mixed styles is 0 to 1, not {options.StyleMixing}"),
            (IsPositive(options.AverageHalfLifeKimg), $"the average's half-life is above 0 kimg, not {options.AverageHalfLifeKimg}"),
        ];
        return rules.Where(r => !r.Holds).Select(r => FormattableString.Invariant($"{r.Sentence}"));
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);

    private static string Or<T>(IEnumerable<T> values)
    {
        var texts = values.Select(v => $"{v}").ToArray();
        return texts.Length == 1 ? texts[0] : $"{string.Join(", ", texts[..^1])} or {texts[^1]}";
    }
}
