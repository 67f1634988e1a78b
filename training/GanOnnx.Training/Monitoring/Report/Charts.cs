namespace GanOnnx.Training.Monitoring.Report;

/// <summary>Which curves a report shows.</summary>
internal static class Charts
{
    /// <param name="ticks">At least one.</param>
    /// <param name="dataDeviation">How much the real images differ, or null.</param>
    public static IEnumerable<Chart> Of(IReadOnlyList<Tick> ticks, double? dataDeviation)
    {
        var extras = ticks.SelectMany(t => t.Figures.Keys).Where(f => f.IsExtra).Distinct().OrderBy(f => f.Key, StringComparer.Ordinal);
        return Figures.All.Concat(extras).Where(figure => figure.Chart is not null).GroupBy(figure => figure.Chart!)
            .Select(lines => new Chart(lines.Key,
                [.. lines.Select(figure => new Series(figure.Line, [.. ticks.Select(t => t.Shown(figure))]))])
            {
                Reference = lines.Key == ChartKind.Variety && dataDeviation is { } d ? new("data", [d]) : null,
            })
            .Where(chart => chart.HasValues);
    }
}
