using System.Numerics.Tensors;

namespace GanOnnx.Evaluation;

/// <summary>
/// Whether generated images differ as real ones do: the root mean square of the distances between two of them, as a ratio to that of real
/// images; over all, and within each class, so that neither classes nor what all images share hides that they are alike. And
/// near-duplicates: the share of generated images with another one nearer than 99 % of the real images have theirs.
/// </summary>
public sealed class Variety : IEvaluationMetric
{
    // Of real images this part has another one as near as what is called a near-duplicate.
    internal const double NearPart = 0.01;

    /// <inheritdoc/>
    public string Description => "variety over all and within classes, as a ratio to the real images', and near-duplicates";

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationFigure> Measure(EvaluationSets sets, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (Math.Min(sets.Real.Count, sets.Generated.Count) < 3)
            throw new EvaluationException($"Variety needs three images of each kind at least; there are {sets.Real.Count} real and "
                + $"{sets.Generated.Count} generated ones.");
        var squares = SquaredDistances(sets.Generated);
        var real = SquaredDistances(sets.Real).Average();
        var variety = Ratio(squares.Average(), real);
        List<EvaluationFigure> figures =
        [
            new("variety", variety, "distances between generated images as a ratio to those between real ones, 1 for real ones")
            {
                Interval = Bootstrap.Around(variety,
                    [.. squares.Select(square => square * Ratio(1, real) / (2 * Math.Max(Math.Sqrt(squares.Average()), 1e-12)))], sets.Seed,
                    lowest: 0),
            },
        ];
        if (WithinClasses(sets) is { Count: > 0 } classes)
        {
            figures.Add(new("variety in classes", classes.Average(), "the same within each class, their mean"));
            figures.Add(new("least varied class", classes.Min(), "the same of the class in which images are most alike"));
        }
        figures.Add(Duplicates(sets, stop));
        return figures;
    }

    /// <summary>The share of images with another one nearer than the bound.</summary>
    private static EvaluationFigure Duplicates(EvaluationSets sets, CancellationToken stop)
    {
        // As many of each: among more images each has a nearer one.
        var count = Math.Min(sets.Real.Count, sets.Generated.Count);
        var bound = NearestOther(sets.Real, count, stop).Order().ElementAt((int)(NearPart * count));
        var near = NearestOther(sets.Generated, count, stop).Select(distance => distance < bound ? 1.0 : 0).ToArray();
        return new("near-duplicates", near.Average(), "share of generated images with another nearer than 99 % of real ones have, 0.01 for real ones")
        {
            Interval = Bootstrap.Around(near.Average(), near, sets.Seed, lowest: 0),
            HasScale = false,
        };
    }

    private static IEnumerable<double> NearestOther(FeatureSet set, int count, CancellationToken stop) =>
        (count == set.Count ? set : set.Where(i => (long)(i + 1) * count / set.Count > (long)i * count / set.Count)).Nearest(stop)
            .Select(near => near[0]);

    private static List<double> WithinClasses(EvaluationSets sets)
    {
        var ratios = new List<double>();
        if (sets.RealLabels is not { } real || sets.GeneratedLabels is not { } generated)
            return ratios;
        foreach (var label in generated.Where(label => label >= 0).Distinct().Order())
        {
            var (theirs, ours) = (sets.Real.Where(i => real[i] == label), sets.Generated.Where(i => generated[i] == label));
            if (theirs.Count >= 3 && ours.Count >= 3)
                ratios.Add(Ratio(SquaredDistances(ours).Average(), SquaredDistances(theirs).Average()));
        }
        return ratios;
    }

    private static double Ratio(double generated, double real) =>
        // Real images that are all the same leave nothing to be varied.
        real > 0 ? Math.Sqrt(generated / real) : 1;

    // Of each image from the mean, times 2 N / (N − 1): their mean is that of the squared distances of all pairs.
    private static double[] SquaredDistances(FeatureSet set)
    {
        var mean = Array.ConvertAll(FeatureStatistics.MeanOf(set), value => (float)value);
        var squares = new double[set.Count];
        for (var i = 0; i < squares.Length; i++)
        {
            var distance = (double)TensorPrimitives.Distance(set[i], mean);
            squares[i] = 2 * distance * distance * set.Count / (set.Count - 1.0);
        }
        return squares;
    }
}
