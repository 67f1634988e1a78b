using GanOnnx.Evaluation;
using GanOnnx.Inference;
using GanOnnx.Shared;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Evaluation;

/// <summary>
/// Judges a model file by a classifier trained on the real images: how far its images are from them, whether it makes every
/// class, and whether it obeys its labels.
/// </summary>
public static class ModelEvaluation
{
    /// <summary>Evaluates a model. The classifier is trained if it isn't there yet, which takes minutes; it runs on the CPU.</summary>
    /// <param name="options">The model, the data and how many images.</param>
    /// <param name="progress">Is told the stage, what is done and what there is to do; null for nobody.</param>
    /// <param name="stop">Looked at between batches.</param>
    /// <exception cref="TrainingException">The options, the data, the classifier's file or the model can't be used.</exception>
    /// <exception cref="EvaluationMismatchException">The model and the real images differ in channels, size or classes, and the
    /// options don't allow it.</exception>
    /// <exception cref="ModelException">The model can't be loaded or run.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static EvaluationResult Run(EvaluationOptions options, Action<EvaluationStage, long, long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        progress ??= (_, _, _) => { };
        options.Validate();
        // The model first: it says what size the real images are compared at, and once libtorch is loaded it may have tied
        // this process's threads to cores.
        using var generator = ImageGenerator.Load(options.Model, options.Loading with { Device = Device.Cpu }, stop);
        var size = SizeOf(generator.Model);
        using var folder = ScratchFolder.InTemp();
        using var images = ImageSources.Open(options.Data, DataOptions.Of(new TrainingOptions { Split = options.Split, Fit = options.Fit }),
            stop);
        CheckLabels(options.Data, images.Classes);
        var labels = generator.Model.IsConditional ? ClassMatch.Find(generator.Model.Classes, images.Classes) : null;
        KindMatch.Check(options, generator.Model, images);
        using var data = ImageDataset.Decode(options.Data, images, Path.Combine(folder.Path, ImageDataset.FileName), size,
            generator.Model.Channels, (done, total) => progress(EvaluationStage.Decoding, done, total), stop);
        return Run(options, generator, data, labels, progress, stop);
    }

    private static EvaluationResult Run(EvaluationOptions options, ImageGenerator generator, ImageDataset data, int[]? labels,
        Action<EvaluationStage, long, long> progress, CancellationToken stop)
    {
        CheckCount(data);
        var asked = labels?.Any(label => label >= 0) == true;
        var file = options.Classifier ?? ClassifierCache.PathFor(data);
        using var classifier = ClassifierCache.LoadOrTrain(file, data, options.Epochs, progress, stop);
        var generated = new GeneratedImages(generator, options).Measure(classifier.Network, data.Classes.Count, labels, progress, stop);
        var real = new ClassifierTraining(data, progress, stop).MeasureSome(classifier.Network, options.Count);
        var sets = new EvaluationSets(real.Features, generated.Features) { RealStatistics = classifier.Real, Seed = options.Seed };

        return new EvaluationResult
        {
            Model = generator.Model.Path,
            ModelSha256 = generator.Model.Sha256,
            Images = options.Count,
            Seed = options.Seed,
            Figures = [.. options.Metrics.SelectMany(name => EvaluationMetrics.Get(name).Measure(sets, stop))],
            RealDistance = classifier.Info.RealDistance,
            Spread = generated.Features.Statistics().TotalVariance / classifier.Real.TotalVariance,
            EffectiveClasses = ClassFigures.EffectiveNumber(generated.Recognised),
            LabelAccuracy = asked ? ClassFigures.Accuracy(generated.Confusion) : null,
            Classes = ClassFigures.Of(classifier.Info, generated, asked),
            Classifier = classifier.Info.Summary(Path.GetFullPath(file), ReferenceClassifier.Sha256(file)),
        };
    }

    private static int SizeOf(ModelDescription model)
    {
        if (model.Channels is null || model.Height is not { } height || model.Width is not { } width)
            throw new TrainingException($"'{model.Path}' leaves its images' size to the run; a model is evaluated at a fixed one.");
        if (height != width || height < Classifier.SmallestSize)
            throw new TrainingException($"'{model.Path}' makes images of {width} × {height} pixels; square ones of "
                + $"{Classifier.SmallestSize} pixels or more can be evaluated.");
        return height;
    }

    private static void CheckLabels(string source, IReadOnlyList<string> classes)
    {
        if (classes.Count < 2)
            throw new TrainingException($"'{source}' has no labels, and a classifier can't be trained without. Give images in a "
                + "subfolder per class, or IDX images with the labels' file beside them.");
    }

    private static void CheckCount(ImageDataset data)
    {
        if (data.Count < ClassifierTraining.FewestImages)
            throw new TrainingException($"'{data.Source}' has {data.Count} images; {ClassifierTraining.FewestImages} are needed, so that "
                + "the tenth that the classifier doesn't see has a distance.");
    }
}
