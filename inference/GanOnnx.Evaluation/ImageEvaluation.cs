using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>Tells how good a model's images, or anybody's pictures, are beside real ones: by a network's features, without
/// TorchSharp.</summary>
public static class ImageEvaluation
{
    private const int NoiseImages = 500, MostInSweep = 2000, PairsTold = 24;

    /// <summary>Evaluates. The real images' features are kept in the user's application data and used again while their files stay as they
    /// are.</summary>
    /// <param name="options">What, against what.</param>
    /// <param name="progress">Is told the stage, what is done and what there is to do; null for nobody.</param>
    /// <param name="stop">Looked at between batches.</param>
    /// <exception cref="EvaluationException">The options, the networks or the images can't be used.</exception>
    /// <exception cref="EvaluationMismatchException">The model and the real images differ in channels, size or classes, and the
    /// options don't allow it.</exception>
    /// <exception cref="DataException">A data source can't be read.</exception>
    /// <exception cref="ModelException">A model can't be loaded or run.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static EvaluationResult Run(EvaluationOptions options, Action<EvaluationStage, long, long>? progress = null,
        CancellationToken stop = default) => Run(options, report: null, progress, stop);

    /// <summary>As <see cref="Run(EvaluationOptions, Action{EvaluationStage, long, long}?, CancellationToken)"/>, with a page to look at: the
    /// figures on their scales, images beside real ones, and those that lie nearest to real ones.</summary>
    /// <param name="options">What, against what.</param>
    /// <param name="report">The .html file; one of ours is replaced. Null for none.</param>
    /// <param name="progress">Is told the stage, what is done and what there is to do; null for nobody.</param>
    /// <param name="stop">Looked at between batches.</param>
    /// <exception cref="IOException">The page can't be written there.</exception>
    public static EvaluationResult Run(EvaluationOptions options, string? report, Action<EvaluationStage, long, long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (report is not null)
            ReportPage.Check(report);
        progress ??= (_, _, _) => { };
        using var source = ImageSources.Open(options.Data, DataOptions.Of(options.Split, options.Fit) with
        {
            Sound = Subject.FormOf(options.Subject, stop) ?? SoundForm.Default,
            Frames = Subject.FramesOf(options.Subject, stop),
        }, stop);
        using var subject = Subject.Open(options, source, stop);
        using var network = options.Features is { } file
            ? FeatureNetwork.Load(file, FeaturesOf(options), stop)
            : FeatureNetwork.OfResNet18(options.Generator.Device, stop);
        using var classifier = options.Classifier is { } path ? ImageClassifier.Load(path, options.Generator.Device, stop) : null;

        if (classifier?.Description is { } known && known.Sound != (source as IRecordings)?.Form)
            throw new EvaluationException($"'{options.Classifier}' learnt from {Form(known.Sound)}, and what it is to judge are {Form((source as IRecordings)?.Form)}. "
                + "Train one on those.");

        var real = RealImages.Read(options, source, subject.Images, network, progress, stop);
        var generated = subject.Read(network, (done, total) => progress(EvaluationStage.Generated, done, total), stop);
        CheckCount(options.SubjectName ?? options.Subject, generated.Features.Count);
        var result = Compare(options, real, subject, generated, network, progress, stop) with
        {
            Sweep = Sweep(options, source, real, network, stop),
            Classes = classifier is null ? null : Recognise(classifier, subject, source, stop),
            Clips = ClipMeasure.Of(subject, source, classifier, stop),
        };
        if (report is not null)
            EvaluationReport.Write(report, result, subject.Images, real.Images);
        return result;
    }

    private static EvaluationResult Compare(EvaluationOptions options, RealImages real, Subject subject, LabelledFeatures generated,
        FeatureNetwork network, Action<EvaluationStage, long, long> progress, CancellationToken stop)
    {
        var count = Math.Min(NoiseImages, options.Count);
        var noise = FeatureExtraction.Of(network, new NoiseImages(count, subject.Images.Size, subject.Images.Channels),
            done => progress(EvaluationStage.Noise, done, count), stop).Features;
        List<ScaledFigure> figures = [];
        var (scale, bottom) = (real.Scale() with { Seed = options.Seed },
            new EvaluationSets(real.Compared.Features, noise) { Seed = options.Seed });
        for (var i = 0; i < options.Metrics.Count; i++)
        {
            progress(EvaluationStage.Figures, i, options.Metrics.Count);
            var metric = EvaluationMetrics.Get(options.Metrics[i]);
            var perfect = ByName(metric, scale, stop);
            var worst = ByName(metric, bottom, stop);
            figures.AddRange(metric.Measure(Sets(options, real, generated), stop).Select(figure => new ScaledFigure(figure,
                perfect.TryGetValue(figure.Name, out var best) ? best : null,
                    worst.TryGetValue(figure.Name, out var noisy) ? noisy : null)));
        }
        return new EvaluationResult
        {
            Subject = options.SubjectName ?? options.Subject,
            ModelSha256 = subject.Model?.Sha256,
            Images = generated.Features.Count,
            Seed = options.Seed,
            Truncation = options.Truncation,
            Real = real.Summary,
            Network = new(network.Name, network.FrechetName, network.Digest, network.Resizing),
            Figures = figures,
            Nearest = options.Metrics.Contains("copies") ? Nearest(real, subject, generated, stop) : [],
            Remarks = [.. Remarks(options, real, subject, generated, network)],
        };
    }

    private static string Form(SoundForm? form) => form is { } sound
        ? FormattableString.Invariant($"recordings of {sound.Samples:#,0} values at {sound.Rate:#,0} Hz") : "pictures";

    private static FeatureNetworkOptions FeaturesOf(EvaluationOptions options) =>
        new() { Resizing = options.Resizing, Pixels = options.FeaturePixels, Device = options.Generator.Device };

    private static Dictionary<string, double> ByName(IEvaluationMetric metric, EvaluationSets sets, CancellationToken stop) =>
        metric.Measure(sets, stop).ToDictionary(figure => figure.Name, figure => figure.Value);

    private static EvaluationSets Sets(EvaluationOptions options, RealImages real, LabelledFeatures generated) =>
        new(real.Compared.Features, generated.Features)
        {
            RealLabels = real.Compared.Labels,
            GeneratedLabels = generated.Labels,
            HeldOut = real.HeldOut?.Features,
            Seed = options.Seed,
        };

    private static List<TruncatedFigures> Sweep(EvaluationOptions options, IImageSource source, RealImages real, FeatureNetwork network,
        CancellationToken stop)
    {
        List<TruncatedFigures> figures = [];
        foreach (var truncation in options.Sweep)
        {
            using var truncated = Subject.Open(options with { Truncation = truncation, Count = Math.Min(options.Count, MostInSweep) },
                source, stop);
            var sets = Sets(options, real, truncated.Read(network, (_, _) => { }, stop));
            figures.Add(new(truncation, [.. options.Metrics.SelectMany(name => EvaluationMetrics.Get(name).Measure(sets, stop))]));
        }
        return figures;
    }

    private static ClassResults Recognise(ImageClassifier classifier, Subject subject, IImageSource source, CancellationToken stop)
    {
        var (scores, places) = FeatureExtraction.Of(classifier.Network, subject.Images, _ => { }, stop);
        // The labels are the data's; the classifier may have learnt from other data with classes of these names.
        var classes = source.Classes.Count > 0 ? ClassMatch.Find(source.Classes, classifier.Classes) : [];
        return ClassCounting.Of(classifier, scores,
            [.. places.Select(place => subject.LabelOf(place) is >= 0 and var label && label < classes.Length ? classes[label] : -1)]);
    }

    private static List<NearPair> Nearest(RealImages real, Subject subject, LabelledFeatures generated, CancellationToken stop)
    {
        var bound = Copies.Bound(real.Compared.Features, real.HeldOut?.Features, stop);
        return [.. Neighbors.Nearest(generated.Features, real.Compared.Features, stop)
            .Select((near, i) => (Image: i, near.Place, near.Distance)).OrderBy(near => near.Distance).Take(PairsTold)
            .Select(near => new NearPair(generated.Places[near.Image], subject.Images.NameOf(generated.Places[near.Image]),
                real.Compared.Places[near.Place], real.Images.NameOf(real.Compared.Places[near.Place]),
                bound is > 0 ? near.Distance / bound.Value : null))];
    }

    private static IEnumerable<string> Remarks(EvaluationOptions options, RealImages real, Subject subject, LabelledFeatures generated,
        FeatureNetwork network)
    {
        if (Math.Min(generated.Features.Count, real.Compared.Features.Count) is < EvaluationOptions.UsualCount and var fewest)
            yield return FormattableString.Invariant($"{fewest:#,0} images are fewer than the {EvaluationOptions.UsualCount:#,0} that are usual: ")
                + "distances come out larger, and compare with those of as many alone.";
        if (network.Name == ResNet18.Name)
            yield return "ResNet-18 was trained on ImageNet's photographs; on drawings or digits it sees less. These are no FID figures, which are on "
                + "Inception's features.";
        if (generated.Features.Count < subject.Images.Count)
            yield return $"{subject.Images.Count - generated.Features.Count} of {subject.Images.Count} pictures can't be decoded and are left out.";
        if (options.Sweep.Count > 0 && options.Count > MostInSweep)
            yield return FormattableString.Invariant($"The figures at several truncations are of {MostInSweep:#,0} images each.");
        if (real.IsHalved)
            yield return "There are no more real images than are compared with, so the figures of real ones are those of one half against the other, "
                + "and copies are looked for of one half.";
    }

    private static void CheckCount(string subject, int count)
    {
        if (count < EvaluationOptions.FewestImages)
            throw new EvaluationException($"'{subject}' has {count} pictures that can be decoded; {EvaluationOptions.FewestImages} are needed at "
                + "least.");
    }
}
