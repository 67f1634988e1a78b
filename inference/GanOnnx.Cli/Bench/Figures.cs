namespace GanOnnx.Cli.Bench;

/// <summary>What one candidate did at one batch size.</summary>
/// <param name="Rates">Images per second of each round; empty where the candidate isn't there.</param>
/// <param name="Missing">Why it isn't there, else null.</param>
internal sealed record Figure(string Candidate, double[] Rates, string? Missing = null)
{
    public double Median => MedianOf(Rates);

    /// <summary>How many times as fast it was as another one, round by round; null where there is nothing to compare.</summary>
    public Ratio? To(Figure other)
    {
        if (other == this || Rates.Length == 0 || other.Rates.Length == 0)
            return null;
        double[] ratios = [.. Rates.Zip(other.Rates, (a, b) => a / b).Order()];
        return new(MedianOf(ratios), ratios[0], ratios[^1]);
    }

    private static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

internal sealed record Ratio(double Median, double Least, double Most);

/// <summary>What all candidates did at one batch size.</summary>
/// <param name="Bare">Loops of ONNX Runtime's Run, the one with default options first.</param>
/// <param name="Columns">GanOnnx.ML's transforms.</param>
/// <param name="Stock">ML.NET's own.</param>
internal sealed record Figures(int Batch, IReadOnlyList<Figure> Bare, Figure Library, IReadOnlyList<Figure> Columns, Figure Stock)
{
    public Figure Default => Bare[0];

    public Figure Best => Bare.MaxBy(figure => figure.Median)!;

    public IEnumerable<Figure> All => [.. Bare, Library, .. Columns, Stock];
}
