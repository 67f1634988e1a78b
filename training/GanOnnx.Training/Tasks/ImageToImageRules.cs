using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;

namespace GanOnnx.Training.Tasks;

/// <summary>What doesn't go together in the options of a task from image to image with discriminators of patches, a clause each.</summary>
internal static class ImageToImageRules
{
    /// <summary>The keys of options of every run that images from images have no use for.</summary>
    public static IReadOnlyList<string> Unused { get; } = ["latentSize"];

    /// <param name="options">The options.</param>
    /// <param name="judged">Whether there are discriminators. The default is that there are.</param>
    public static IEnumerable<string> Errors(TrainingOptions options, bool judged = true)
    {
        var task = options.Task;
        if (options.IsConditional)
            yield return $"{task} takes no labels; leave the condition out";
        if (options.MinibatchDiscrimination)
            yield return $"{task} judges patches, not batches; leave minibatch discrimination out";
        if (judged && options.LabelSmoothing > 0 && GanLosses.Find(options.Loss) is { SupportsLabelSmoothing: false })
            yield return $"the loss {options.Loss} has no probabilities to smooth; leave label smoothing out";
        foreach (var text in TrainingOptions.SplitList(options.Augmentations).Where(text => text is not ("flip" or "crop")))
            yield return $"{task} has the augmentations flip and crop alone, not '{text}'";
        if (options.HoldOut > 0)
            yield return $"{task} trains on all images; hold out none";
        List<RegularizerSpec> specs = [];
        foreach (var text in TrainingOptions.SplitList(options.Regularizers))
            if (RegularizerSpec.TryParse(text, out var spec, out var error))
                specs.Add(spec!);
            else
                yield return error;
        foreach (var conflict in GanRegularizers.Conflicts(specs))
            yield return conflict;
        foreach (var spec in specs.Where(s => s.Regularizer.Generator is not null))
            yield return $"{spec.Name} is of latents, which {task} hasn't";
        if (judged && GanLosses.Find(options.Loss) is { NeedsLipschitz: true } && !specs.Any(s => s.Regularizer.BoundsSlope))
            yield return $"the loss {options.Loss} has no end unless the discriminator's slope is bounded; add gradient-penalty, "
                + "spectral-norm or weight-clipping";
        if (judged && PatchDiscriminator.Error(options) is { } layers)
            yield return layers;
    }
}
