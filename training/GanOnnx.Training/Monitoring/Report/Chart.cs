using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using static System.FormattableString;

namespace GanOnnx.Training.Monitoring.Report;

/// <summary>A line of a chart: its name and a value for every tick, null where there is none.</summary>
internal sealed record Series(string Name, IReadOnlyList<double?> Values);

/// <summary>Curves over the images seen, drawn as SVG with the values beside it for the page's script.</summary>
internal sealed record Chart(ChartKind Kind, Series[] Lines)
{
    private const int Extent = 1000;

    /// <summary>A value drawn as a dashed line across, as the data's own.</summary>
    public Series? Reference { get; init; }

    /// <summary>Whether there is anything to draw.</summary>
    public bool HasValues => Finite().Any();

    /// <summary>The chart as HTML. Only curves are drawn as SVG, stretched to the page's width; text is the page's, so it stays as
    /// large.</summary>
    /// <param name="kimg">Thousands of images at each tick.</param>
    public string ToHtml(IReadOnlyList<double> kimg)
    {
        var across = Axis.Linear(0, Math.Max(kimg[^1], 1e-3), pad: false);
        var (up, beyond) = ValueAxis();
        double X(double value) => across.Position(value) * Extent;
        double Y(double value) => (1 - up.Position(value)) * Extent;

        StringBuilder html = new();
        html.Append($"<figure class=\"chart\"><figcaption><h3>{Encode(Kind.Title)}</h3><ul class=\"legend\">");
        for (var i = 0; i < Lines.Length; i++)
            html.Append(CultureInfo.InvariantCulture, $"<li class=\"s{i}\">{Encode(Lines[i].Name)}</li>");
        if (Reference is not null)
            html.Append($"<li class=\"reference\">{Encode(Reference.Name)}</li>");
        html.Append($"</ul></figcaption><p class=\"unit\">{Encode(Kind.Unit)}</p><div class=\"plot\"><div class=\"up\">");
        foreach (var mark in up.Marks)
            html.Append(Invariant($"<span style=\"top:{Y(mark) / Extent * 100:0.##}%\">{Number(mark)}</span>"));
        html.Append("</div><div class=\"across\">");
        foreach (var mark in across.Marks)
            html.Append(Invariant($"<span style=\"left:{X(mark) / Extent * 100:0.##}%\">{Number(mark)}</span>"));
        html.Append($"</div><svg viewBox=\"0 0 {Extent} {Extent}\" preserveAspectRatio=\"none\" role=\"img\" "
            + $"aria-label=\"{Encode(Kind.Title)}\">");
        foreach (var mark in up.Marks)
            html.Append(Invariant($"<line class=\"grid\" x2=\"{Extent}\" y1=\"{Y(mark):0.#}\" y2=\"{Y(mark):0.#}\"/>"));
        if (Reference?.Values[0] is { } reference)
            html.Append(Invariant($"<line class=\"reference\" x2=\"{Extent}\" y1=\"{Y(reference):0.#}\" y2=\"{Y(reference):0.#}\"/>"));
        for (var i = 0; i < Lines.Length; i++)
            html.Append(CultureInfo.InvariantCulture, $"<path class=\"line s{i}\" d=\"{Path(Lines[i].Values, kimg, X, Y)}\"/>");
        html.Append($"<line class=\"cursor\" y2=\"{Extent}\" visibility=\"hidden\"/></svg></div>");
        html.Append("<p class=\"unit end\">images seen, thousands</p>");
        html.Append($"<p class=\"caption\">{Encode(Kind.Caption)}{(beyond ? " The highest and lowest values lie outside the frame." : "")}</p>");
        html.Append($"<script type=\"application/json\">{Data(kimg, kimg.Select(X))}</script></figure>\n");
        return html.ToString();
    }

    private IEnumerable<double> Finite() => Lines.SelectMany(line => line.Values).OfType<double>().Where(double.IsFinite);

    // A few values far off, as at a run's start, would press all others into a line; they are let out of the frame.
    private (Axis Axis, bool Beyond) ValueAxis()
    {
        if (Kind.Range is { } range)
            return (Axis.Linear(range.Low, range.High, pad: false), false);
        double[] values = [.. Finite().Concat(Reference?.Values.OfType<double>() ?? []).Order()];
        if (Kind.Logarithmic && values[0] > 0 && values[^1] > 10 * values[0])
            return (Axis.Logarithmic(values[0], values[^1]), false);
        var (low, high) = (values[values.Length / 50], values[^(1 + values.Length / 50)]);
        var beyond = values[^1] - values[0] > 4 * (high - low) && high > low;
        return beyond ? (Axis.Linear(low, high), true) : (Axis.Linear(values[0], values[^1]), false);
    }

    private static string Path(IReadOnlyList<double?> values, IReadOnlyList<double> kimg, Func<double, double> x, Func<double, double> y)
    {
        StringBuilder path = new();
        var command = 'M';
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value || !double.IsFinite(y(value)))
            {
                command = 'M';
                continue;
            }
            path.Append(Invariant($"{command}{x(kimg[i]):0.#} {Math.Clamp(y(value), -1e4, 1e4):0.#}"));
            command = 'L';
        }
        // A single point is drawn as a dot by the line's round cap.
        return values.Count == 1 && path.Length > 0 ? path.Append("h0.01").ToString() : path.ToString();
    }

    private string Data(IReadOnlyList<double> kimg, IEnumerable<double> x) => JsonSerializer.Serialize(new
    {
        kimg = kimg.Select(Rounded),
        x = x.Select(position => Math.Round(position, 1)),
        lines = Lines.Select(line => new { name = line.Name, values = line.Values.Select(v => v is { } value ? Rounded(value) : null) }),
    });

    private static double? Rounded(double value) => double.IsFinite(value)
        ? double.Parse(value.ToString("g5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : null;

    private static string Number(double value) => value != 0 && Math.Abs(value) is < 1e-3 or >= 1e5
        ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
        : value.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
