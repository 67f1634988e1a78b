using System.Globalization;

namespace GanOnnx.Cli.Bench;

/// <summary>The figures as a table that a README takes as it is, and as an object for JSON.</summary>
internal static class Report
{
    public static string Table(IEnumerable<Figures> batches) => string.Join('\n',
    [
        "| batch | way | images/s | to the default loop | to the best loop | to GanOnnx | to ApplyOnnxModel |",
        "|---|---|---|---|---|---|---|",
        .. batches.SelectMany(Rows),
    ]);

    public static object Json(Figures batch) => new
    {
        batch.Batch,
        BestLoop = batch.Best.Candidate,
        Ways = batch.All.Select(figure => new
        {
            Way = figure.Candidate,
            ImagesPerSecond = figure.Missing is null ? Math.Round(figure.Median, 1) : (double?)null,
            figure.Missing,
            ToDefaultLoop = figure.To(batch.Default),
            ToBestLoop = figure.To(batch.Best),
            ToGanOnnx = figure.To(batch.Library),
            ToApplyOnnxModel = figure.To(batch.Stock),
        }),
    };

    // Of the bare loops only the default and the best one.
    private static IEnumerable<string> Rows(Figures batch) =>
        batch.All.Where(figure => !batch.Bare.Contains(figure) || figure == batch.Default || figure == batch.Best)
            .Select(figure => figure.Missing is { } reason
            ? $"| {batch.Batch} | {figure.Candidate} | not there: {reason} | | | | |"
            : $"| {batch.Batch} | {figure.Candidate} | {figure.Median.ToString("#,0", CultureInfo.InvariantCulture)} "
                + $"| {Cell(figure.To(batch.Default))} | {Cell(figure.To(batch.Best))} | {Cell(figure.To(batch.Library))} | "
                    + $"{Cell(figure.To(batch.Stock))} |");

    /// <summary>A ratio with its least and its most.</summary>
    public static string Cell(Ratio? ratio) => ratio is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{ratio.Median:0.00} ({ratio.Least:0.00} … {ratio.Most:0.00})");
}
