using System.Globalization;
using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Cli;

/// <summary>A network's layers as an aligned table of plain text, with the total at its end.</summary>
internal static class LayerTable
{
    /// <summary>The table's lines, from the heading to the total.</summary>
    public static IEnumerable<string> Lines(string network, IReadOnlyList<LayerSummary> layers)
    {
        string[][] rows =
        [
            [network, "type", "output", "parameters"],
            .. layers.Select(l => new[] { l.Name, l.Type, l.Shape, Number(l.Parameters) }),
            ["total", "", "", Number(layers.Sum(l => l.Parameters))],
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var rule = new string('─', widths.Sum() + 2 * (widths.Length - 1));
        string Line(string[] row) => string.Join("  ", row.Select((cell, column) =>
            column == row.Length - 1 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
        return [Line(rows[0]), rule, .. rows[1..^1].Select(Line), rule, Line(rows[^1])];
    }

    private static string Number(long parameters) => parameters == 0 ? "" : parameters.ToString("#,0", CultureInfo.InvariantCulture);
}
