using System.Globalization;
using GanOnnx.Data;

namespace GanOnnx.Evaluation;

/// <summary>The real images: those compared with, and others that stand for a perfect model.</summary>
internal sealed record RealImages
{
    /// <summary>Those compared with.</summary>
    public required ImageSet Images { get; init; }

    /// <summary>Their features.</summary>
    public required LabelledFeatures Compared { get; init; }

    /// <summary>Others; null where there are not as many again.</summary>
    public required LabelledFeatures? HeldOut { get; init; }

    /// <summary>What people are told.</summary>
    public required RealSummary Summary { get; init; }

    /// <summary>Whether the scale is that of one half against the other.</summary>
    public bool IsHalved => HeldOut is null;

    /// <summary>Real images as if a model had made them.</summary>
    public EvaluationSets Scale()
    {
        if (HeldOut is { } others)
            return new(Compared.Features, others.Features) { RealLabels = Compared.Labels, GeneratedLabels = others.Labels };
        var (first, second) = Compared.Features.Halves();
        var isFirst = FeatureSet.RandomHalf(Compared.Features.Count);
        return new(first, second)
        {
            RealLabels = Compared.Labels?.Where((_, i) => isFirst[i]).ToList(),
            GeneratedLabels = Compared.Labels?.Where((_, i) => !isFirst[i]).ToList(),
        };
    }

    /// <summary>Reads them as the judged images are.</summary>
    public static RealImages Read(EvaluationOptions options, IImageSource source, ImageSet like, FeatureNetwork network,
        Action<EvaluationStage, long, long> progress, CancellationToken stop)
    {
        var count = Math.Min(options.Count, source.Count);
        var twice = source.Count >= 2L * count;
        var chosen = Spread(source.Count, twice ? 2 * count : count);
        var isFirst = FeatureSet.RandomHalf(chosen.Length);
        var images = new SourceImages(source, twice ? [.. chosen.Where((_, i) => isFirst[i])] : chosen, like.Size, like.Channels);
        var others = twice ? new SourceImages(source, [.. chosen.Where((_, i) => !isFirst[i])], like.Size, like.Channels) : null;
        var total = chosen.Length;
        var compared = Extract(images, twice ? "first half" : "all", done => progress(EvaluationStage.Real, done, total));
        var heldOut = others is null ? null : Extract(others, "second half", done => progress(EvaluationStage.Real, count + done, total));
        if (compared.Features.Count < EvaluationOptions.FewestImages)
            throw new EvaluationException($"'{options.Data}' has {compared.Features.Count} images that can be decoded; "
                + $"{EvaluationOptions.FewestImages} are needed at least.");
        return new()
        {
            Images = images,
            Compared = compared,
            HeldOut = heldOut,
            Summary = new(source.Name, source.Count, compared.Features.Count, heldOut?.Features.Count ?? 0, like.Size, like.Channels),
        };

        LabelledFeatures Extract(SourceImages set, string part, Action<int> told)
        {
            var stamp = source is SyntheticDigits or MovingDigits ? source.Name : (source as IDescribed)?.Stamp;
            var key = stamp is null ? null : string.Create(CultureInfo.InvariantCulture,
                $"{stamp}|{options.Split}|{options.Fit}|{like.Size}|{like.Channels}|{network.Identity}|{total}|{part}{(source as IRecordings)?.Form}{Clips(source)}");
            var (features, places) = FeatureCache.Get(key, network.FeatureCount, () => FeatureExtraction.Of(network, set, told, stop));
            return new(features, places, source.Classes.Count > 0 ? [.. places.Select(set.LabelOf)] : null);
        }
    }

    private static string Clips(IImageSource source) =>
        source is IClips clips ? string.Create(CultureInfo.InvariantCulture, $"|{clips.Frames} frames of {source.GetType().Name}") : "";

    /// <summary>Numbers below a count, as far apart as can be.</summary>
    public static int[] Spread(int count, int chosen) => [.. Enumerable.Range(0, chosen).Select(i => (int)((long)i * count / chosen))];
}
