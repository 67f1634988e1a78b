namespace GanOnnx.Evaluation;

/// <summary>
/// Whether a generator repeats its training images: the share of generated images that lie nearer to a real one than 99 % of real images
/// that weren't trained on do. About 0.01 for a generator that repeats none, whatever the data and the network.
/// </summary>
/// <remarks>After C. Meehan, K. Chaudhuri, S. Dasgupta: "A Non-Parametric Test to Detect Data-Copying in Generative Models", 2020,
/// https://arxiv.org/abs/2004.05675, which compares the same distances.</remarks>
public sealed class Copies : IEvaluationMetric
{
    // One in a hundred of them is the bound.
    private const int FewestHeldOut = 100;

    /// <inheritdoc/>
    public string Description => "share of generated images nearer to a training image than held-out real ones are";

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationFigure> Measure(EvaluationSets sets, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (Bound(sets.Real, sets.HeldOut, stop) is not { } bound)
            return [];
        var real = sets.HeldOut is null ? sets.Real.Halves().First : sets.Real;
        var copies = Neighbors.Nearest(sets.Generated, real, stop).Select(near => near.Distance < bound ? 1.0 : 0).ToArray();
        return
        [
            new("copies", copies.Average(), "share of generated images nearer to a real one than 99 % of held-out ones are, 0.01 if none is copied")
            {
                Interval = Bootstrap.Around(copies.Average(), copies, sets.Seed, lowest: 0),
                HasScale = false,
            },
        ];
    }

    /// <summary>The distance to the nearest real image that one of a hundred held-out ones has at most; of one half to the other where none
    /// are held out. Null where there are too few.</summary>
    internal static double? Bound(FeatureSet real, FeatureSet? heldOut, CancellationToken stop)
    {
        // Without held-out images one half stands for them, and copies are looked for of the other, which is as dense as that.
        var (looked, others) = heldOut is null ? real.Halves() : (real, heldOut);
        if (others.Count < FewestHeldOut)
            return null;
        return Neighbors.Nearest(others, looked, stop).Select(near => near.Distance).Order()
            .ElementAt((int)(Variety.NearPart * others.Count));
    }
}
