using GanOnnx.Inference;

namespace GanOnnx.Evaluation;

/// <summary>
/// How much a figure owes to the very images that were drawn. A figure is, to the first order, a sum of what each image contributes; other
/// images of the same kind are drawn from these, with putting back.
/// </summary>
/// <remarks>B. Efron: "Bootstrap Methods: Another Look at the Jackknife", 1979, the percentile interval; the contributions are the
/// influence function's values.</remarks>
internal static class Bootstrap
{
    private const int Draws = 1000;
    private const double Outside = 0.025;

    private const uint BootstrapStream = 331;

    /// <summary>The interval of 95 % around a figure.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="contributions">What each image contributes: the figure is their mean, but for a constant.</param>
    /// <param name="seed">Where the draws come from; draw d is the index d of <see cref="RandomStream"/> 331.</param>
    /// <param name="lowest">What the figure can't be below.</param>
    public static Interval Around(double value, IReadOnlyList<double> contributions, ulong seed, double lowest = double.NegativeInfinity)
    {
        var (stream, mean) = (new RandomStream(seed, BootstrapStream), contributions.Average());
        var drawn = new double[Draws];
        Parallel.For(0, Draws, () => new float[contributions.Count], (draw, _, places) =>
        {
            stream.FillUniform((ulong)draw, places);
            var sum = 0.0;
            foreach (var place in places)
                sum += contributions[Math.Min((int)((place + 1.0) / 2 * places.Length), places.Length - 1)];
            drawn[draw] = value + sum / places.Length - mean;
            return places;
        }, _ => { });
        Array.Sort(drawn);
        return new(Math.Max(lowest, drawn[(int)(Draws * Outside)]), Math.Max(lowest, drawn[^(int)(Draws * Outside)]));
    }
}
