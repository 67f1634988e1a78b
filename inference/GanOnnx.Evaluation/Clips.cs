using GanOnnx.Data;

namespace GanOnnx.Evaluation;

/// <summary>How clips move, and what stays in them.</summary>
/// <param name="Clips">How many clips were looked at.</param>
/// <param name="RealClips">How many real ones.</param>
/// <param name="Motion">How much pixels change from a frame to the next: the mean absolute difference, in −1 … 1, averaged over clips.</param>
/// <param name="RealMotion">That of real clips.</param>
/// <param name="MotionDeviation">How much it differs between clips: its standard deviation.</param>
/// <param name="RealMotionDeviation">That of real clips.</param>
public sealed record ClipResults(int Clips, int RealClips, double Motion, double RealMotion, double MotionDeviation,
    double RealMotionDeviation)
{
    /// <summary>In what part of the clips a classifier recognises one class in nine of ten frames or more; null where none was
    /// given.</summary>
    public double? Identity { get; init; }

    /// <summary>The same where that class is the one that was asked for; null where none was.</summary>
    public double? IdentityAsked { get; init; }

    /// <summary>In what part of real clips it recognises one class so.</summary>
    public double? RealIdentity { get; init; }
}

/// <summary>Measures clips.</summary>
internal static class ClipMeasure
{
    private const int Most = 300;
    private const double SameFrames = 0.9;

    /// <summary>What can be told of a model's clips; null where there are none.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="source">The real clips.</param>
    /// <param name="classifier">What recognises frames; null for nothing.</param>
    /// <param name="stop">Looked at between clips.</param>
    public static ClipResults? Of(Subject subject, IImageSource source, ImageClassifier? classifier, CancellationToken stop)
    {
        if (subject.Images is not ModelImages { Clips: { } generator } images)
            return null;
        // From all of them, so that every class is there.
        int[] chosen = RealImages.Spread(images.Count, Math.Min(Most, images.Count));
        var made = ClipImages.Of(generator, [.. chosen.Select(images.SampleOf)], [.. chosen.Select(subject.LabelOf)], stop);
        var real = ClipImages.Of(source, RealImages.Spread(source.Count, Math.Min(Most, source.Count)), images.Size, images.Channels);
        var (motion, realMotion) = (Motions(made, stop), Motions(real, stop));
        if (motion.Length == 0 || realMotion.Length == 0)
            return null;
        var results = new ClipResults(motion.Length, realMotion.Length, motion.Average(), realMotion.Average(), Deviation(motion),
            Deviation(realMotion));
        if (classifier is null)
            return results;
        var classes = source.Classes.Count > 0 ? ClassMatch.Find(source.Classes, classifier.Classes) : [];
        var (identity, asked) = Identity(made, classifier, classes, stop);
        return results with { Identity = identity, IdentityAsked = asked, RealIdentity = Identity(real, classifier, classes, stop).Same };
    }

    private static double[] Motions(ClipImages clips, CancellationToken stop)
    {
        List<double> motions = [];
        var pixels = new byte[clips.Frames * clips.Length];
        for (var clip = 0; clip < clips.Clips; clip++)
        {
            if (!clips.Read(clip * clips.Frames, clips.Frames, pixels, stop)[0])
                continue;
            long sum = 0;
            for (var i = clips.Length; i < pixels.Length; i++)
                sum += Math.Abs(pixels[i] - pixels[i - clips.Length]);
            motions.Add(sum / 127.5 / Math.Max(1, pixels.Length - clips.Length));
        }
        return [.. motions];
    }

    private static int Largest(ReadOnlySpan<float> scores)
    {
        var largest = 0;
        for (var i = 1; i < scores.Length; i++)
            largest = scores[i] > scores[largest] ? i : largest;
        return largest;
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static (double? Same, double? Asked) Identity(ClipImages clips, ImageClassifier classifier, int[] classes,
        CancellationToken stop)
    {
        var (scores, places) = FeatureExtraction.Of(classifier.Network, clips, _ => { }, stop);
        int LabelOf(int clip) => clips.LabelOf(clip * clips.Frames) is >= 0 and var found && found < classes.Length ? classes[found] : -1;
        return Kept(places.Select((place, i) => (place / clips.Frames, Largest(scores[i]))), LabelOf);
    }

    /// <summary>In what part of the clips nine of ten frames or more are of one class, and in what part of those with a label they are of
    /// that.</summary>
    /// <param name="frames">The clip that each frame is of, and the class that is recognised in it.</param>
    /// <param name="labelOf">A clip's label by the same numbers, or −1.</param>
    internal static (double? Same, double? Asked) Kept(IEnumerable<(int Clip, int Class)> frames, Func<int, int> labelOf)
    {
        var recognised = frames.GroupBy(frame => frame.Clip).ToArray();
        if (recognised.Length == 0)
            return (null, null);
        var (same, asked, labelled) = (0, 0, 0);
        foreach (var clip in recognised)
        {
            var most = clip.GroupBy(frame => frame.Class).MaxBy(group => group.Count())!;
            var label = labelOf(clip.Key);
            labelled += label >= 0 ? 1 : 0;
            if (most.Count() < SameFrames * clip.Count())
                continue;
            same++;
            asked += most.Key == label ? 1 : 0;
        }
        return (same / (double)recognised.Length, labelled == 0 ? null : asked / (double)labelled);
    }
}
