using System.Globalization;
using System.Text.Json;

namespace GanOnnx.Benchmarks.Augmentation;

/// <summary>What was measured for a data set, a number of real images per class, and a seed.</summary>
/// <param name="Set">The data set.</param>
/// <param name="PerClass">Real images of each class.</param>
/// <param name="Seed">Decides which ones, and what is trained on them.</param>
/// <param name="Minutes">How long the GAN was trained at most, of a core's time.</param>
/// <param name="Kimg">Thousands of real images it saw.</param>
/// <param name="Sdca">Accuracy of ML.NET's SDCA on ResNet-18's features, from real images alone.</param>
/// <param name="SdcaAugmented">The same, from as many generated ones too.</param>
/// <param name="Network">Accuracy of the small network, from real images alone.</param>
/// <param name="NetworkAugmented">The same, from as many generated ones too.</param>
internal sealed record Cell(string Set, int PerClass, int Seed, double Minutes, double Kimg, double Sdca, double SdcaAugmented,
    double Network, double NetworkAugmented)
{
    /// <summary>Adds it to a file of results, a line each.</summary>
    public void Append(string path) => File.AppendAllText(path, $"\n{JsonSerializer.Serialize(this)}\n");

    /// <summary>The results in a file; a line that a killed run began is passed over.</summary>
    public static IReadOnlyList<Cell> Read(string path)
    {
        var cells = new List<Cell>();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
            try
            {
                if (line.Length > 0 && JsonSerializer.Deserialize<Cell>(line) is { } cell)
                    cells.Add(cell);
            }
            catch (JsonException)
            {
                // Measured again.
            }
        return cells;
    }

    /// <summary>A table of means over seeds, with the standard deviation.</summary>
    public static IEnumerable<string> Table(IEnumerable<Cell> cells)
    {
        yield return "| data | real images per class | seeds | GAN, kimg | classifier | real alone, % | real and generated, % "
            + "| difference, points |";
        yield return "|---|---|---|---|---|---|---|---|";
        foreach (var group in cells.GroupBy(cell => (cell.Set, cell.PerClass)).OrderBy(group => group.Key))
        {
            yield return Line(group, "ResNet-18 and SDCA", cell => cell.Sdca, cell => cell.SdcaAugmented);
            yield return Line(group, "small network", cell => cell.Network, cell => cell.NetworkAugmented);
        }
    }

    private static string Line(IGrouping<(string Set, int PerClass), Cell> cells, string classifier, Func<Cell, double> real,
        Func<Cell, double> augmented)
    {
        string[] columns =
        [
            cells.Key.Set, $"{cells.Key.PerClass}", $"{cells.Count()}",
            cells.Average(cell => cell.Kimg).ToString("0", CultureInfo.InvariantCulture), classifier,
            Spread(cells.Select(real)), Spread(cells.Select(augmented)),
            Spread(cells.Select(cell => augmented(cell) - real(cell)), "+0.0;-0.0;0.0"),
        ];
        return $"| {string.Join(" | ", columns)} |";
    }

    private static string Spread(IEnumerable<double> shares, string format = "0.0")
    {
        double[] values = [.. shares.Select(share => 100 * share)];
        var mean = values.Average();
        var text = mean.ToString(format, CultureInfo.InvariantCulture);
        if (values.Length < 2)
            return text;
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        return FormattableString.Invariant($"{text} ± {Math.Sqrt(variance):0.0}");
    }
}
