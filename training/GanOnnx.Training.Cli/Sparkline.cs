namespace GanOnnx.Training.Cli;

/// <summary>A curve a line high.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Draws the last values, the lowest of them at the bottom and the highest at the top.</summary>
    public static string Of(IEnumerable<double> values, int width)
    {
        double[] last = [.. values.Where(double.IsFinite).TakeLast(width)];
        if (last.Length == 0)
            return "";
        var (low, high) = (last.Min(), last.Max());
        return string.Concat(last.Select(value =>
            Blocks[high > low ? (int)Math.Round((value - low) / (high - low) * (Blocks.Length - 1)) : Blocks.Length / 2]));
    }
}
