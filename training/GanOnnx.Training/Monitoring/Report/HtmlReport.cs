using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanOnnx.Data;
using static System.FormattableString;

namespace GanOnnx.Training.Monitoring.Report;

/// <summary>
/// A run as one HTML page that needs no network: curves, samples over time, warnings and configuration, from the run's
/// <c>run.json</c>, <c>metrics.jsonl</c> and <c>samples/</c>.
/// </summary>
internal sealed class HtmlReport(string runFolder)
{
    public const string FileName = "report.html";

    private const int MostPoints = 600, ReloadSeconds = 20, TicksOfPatience = 5, LeastPatience = 3600;

    private const string Wav = "audio/wav", Gif = "image/gif";

    private const string Mark = "<meta name=\"generator\" content=\"GanOnnx\">";

    private readonly MetricsLog _metrics = new(System.IO.Path.Combine(runFolder, MetricsLog.FileName));
    private readonly string _samples = System.IO.Path.Combine(runFolder, SampleGrid.FolderName);
    private readonly SamplePictures _pictures = new(System.IO.Path.Combine(runFolder, SampleGrid.FolderName));

    /// <summary>Its file.</summary>
    public string Path { get; } = System.IO.Path.Combine(runFolder, FileName);

    /// <summary>Takes in a picture of samples that was written, so that it needn't be read again.</summary>
    public void Add(string path, byte[] png) => _pictures.Add(path, png);

    /// <summary>Writes the page as the run is now; the one before is replaced.</summary>
    /// <param name="training">Whether there is more to come, for which the page looks by itself.</param>
    public void Write(bool training = false)
    {
        var (run, tables) = ReadRun();
        var page = Encoding.UTF8.GetBytes(Page(run, tables, _metrics.Read(), training));
        OwnFile.Write(Path, IsOne, stream => stream.Write(page));
    }

    /// <summary>Whether a file is such a page.</summary>
    public static bool IsOne(string path)
    {
        using var reader = new StreamReader(path);
        var start = new char[1000];
        return start.AsSpan(0, reader.ReadBlock(start)).Contains(Mark, StringComparison.Ordinal);
    }

    // A page with less on it is better than none, and than a run that ends for it.
    private (JsonObject Run, string Tables) ReadRun()
    {
        try
        {
            var run = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(runFolder, RunDescription.FileName))) as JsonObject ?? [];
            return (run, RunTables.ToHtml(run));
        }
        // What JSON that isn't as expected can raise: a key that is there twice, half a character.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or IOException
            or UnauthorizedAccessException)
        {
            return ([], "");
        }
    }

    private string Page(JsonObject run, string tables, IReadOnlyList<Tick> ticks, bool training)
    {
        var options = run["options"] as JsonObject ?? [];
        var title = $"{options["architecture"] ?? "GAN"} on {run["data"] ?? "its data"}";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            {Mark}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <title>{Encode(title)}: training report</title>
            <style>
            {Resource("report.css")}</style>
            </head>
            <body{(training ? Reloading(ticks) : "")}>
            <header>
            <p class="kind">GAN training report</p>
            <h1>{Encode(title)}</h1>
            {Progress(options, ticks, training)}
            </header>
            <main>
            {Tiles(ticks)}
            {Samples(_pictures.Choose(), _pictures.Reals())}
            {Sounds(Newest(SampleSounds.Files, Wav), Reals(SampleSounds.Files, Wav))}
            {Clips(Newest(SampleClips.Files, Gif), Reals(SampleClips.Files, Gif))}
            {Events(ticks)}
            {Curves(run, ticks)}
            {tables}
            {Resource("glossary.html")}
            </main>
            <script>
            {Resource("report.js")}</script>
            </body>
            </html>

            """;
    }

    private string? Newest(MediaSamples files, string type) => SampleFiles.Newest(_samples, files.Pattern, type);

    private string? Reals(MediaSamples files, string type) => SampleFiles.Of(_samples, files.RealsName, type);

    // What has been silent for long was killed: the page says so, and looks no more.
    private static string Reloading(IReadOnlyList<Tick> ticks)
    {
        const double Longest = 1e7;
        var images = ticks.Count == 0 ? 0 : ticks[^1].Images - (ticks.Count > 1 ? ticks[^2].Images : 0);
        var seconds = ticks.Count == 0 ? 0 : images / Math.Max(ticks[^1][Figures.ImagesPerSecond] ?? 0, 1e-9);
        var patience = Math.Max(LeastPatience, TicksOfPatience * (seconds is >= 0 and < Longest ? seconds : 0));
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return Invariant($" data-reload=\"{ReloadSeconds}\" data-written=\"{now}\" data-patience=\"{patience:0}\"");
    }

    private static string Progress(JsonObject options, IReadOnlyList<Tick> ticks, bool training)
    {
        var live = training ? " <span id=\"live\">This page renews itself.</span>" : "";
        if (ticks.Count == 0)
            return $"<p class=\"lead\">Training has begun; the first figures come with the first tick.{live}</p>";
        var seconds = ticks.Select((tick, i) =>
            (tick.Images - (i == 0 ? 0 : ticks[i - 1].Images)) / Math.Max(tick[Figures.ImagesPerSecond] ?? 0, 1e-9)).Sum();
        var spent = Words(seconds);
        var wanted = options["kimg"] is JsonValue value && value.TryGetValue<double>(out var kimg) ? kimg : 0;
        var part = wanted > 0 ? Math.Min(1, ticks[^1].Images / (wanted * 1000)) : 1;
        var rest = (wanted * 1000 - ticks[^1].Images) / Math.Max(ticks[^1][Figures.ImagesPerSecond] ?? 0, 1e-9);
        var left = training && rest > 0 ? $", about {Words(rest)} left" : "";
        return Invariant($"""
            <p class="lead">{ticks[^1].Images:#,0} real images seen{(wanted > 0 ? Invariant($" of {wanted * 1000:#,0}") : "")} in {ticks[^1].Step:#,0} steps
            and {spent} of training{left}.{live}</p>
            <div class="progress" role="progressbar" aria-valuenow="{part * 100:0}" aria-valuemin="0" aria-valuemax="100"><span style="width:{part * 100:0.#}%"></span></div>
            """);
    }

    private static string Words(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds is >= 0 and < 1e9 ? seconds : 0); // a damaged line may say anything
        return time.TotalHours >= 1 ? Invariant($"{(int)time.TotalHours:#,0} h {time.Minutes:00} min")
            : Invariant($"{time.Minutes} min {time.Seconds:00} s");
    }

    private static string Tiles(IReadOnlyList<Tick> ticks)
    {
        if (ticks.Count == 0)
            return "";
        var html = from figure in Figures.All
                   where figure.Tile is not null
                   let value = ticks[^1].Shown(figure)
                   where value is not null
                   select $"<div><dt>{figure.Tile}</dt><dd>{value.Value.ToString(figure.Format, CultureInfo.InvariantCulture)}</dd></div>";
        return $"<dl class=\"tiles\">{string.Concat(html)}</dl>";
    }

    private static string Samples(IReadOnlyList<SamplePicture> pictures, SamplePicture? reals)
    {
        if (pictures.Count == 0)
            return "";
        var real = reals is null ? "" : $"<figure><img src=\"{reals.Source}\" alt=\"Real images\"{(reals.Small ? " class=\"small\"" : "")}>"
            + "<figcaption>Real</figcaption></figure>";
        string Picture(SamplePicture p, string extra) =>
            Invariant($"<img src=\"{p.Source}\" alt=\"Samples after {p.Kimg:#,0} thousand images\" data-kimg=\"{p.Kimg:#,0}\"{(p.Small ? " class=\"small\"" : "")}{extra}>");
        var strip = string.Concat(pictures.SkipLast(1)
            .Select(p => Invariant($"<figure>{Picture(p, "")}<figcaption>{p.Kimg:#,0} kimg</figcaption></figure>")));
        return $"""
            <section class="samples"><h2>Samples</h2>
            <p>What the averaged generator makes of the same latents. <span id="when">After {pictures[^1].Kimg.ToString("#,0", CultureInfo.InvariantCulture)} thousand images.</span></p>
            <div class="stage"><figure>{Picture(pictures[^1], " id=\"stage\"")}<figcaption>Generated</figcaption></figure>{real}</div>
            <input type="range" id="time" min="0" max="{pictures.Count - 1}" value="{pictures.Count - 1}" aria-label="Time" hidden>
            <div class="strip">{strip}</div></section>
            """;
    }

    private static string Sounds(string? made, string? reals)
    {
        static string Player(string? source, string caption) => source is null ? ""
            : $"<figure><audio controls src=\"{source}\"></audio><figcaption>{caption}</figcaption></figure>";
        return made is null ? "" : $"""
            <section class="samples"><h2>Sounds</h2>
            <p>The first twelve of the newest samples, one after the other, and as many recordings. The pictures above are spectrograms:
            time from left to right, low tones at the bottom.</p>
            <div class="stage">{Player(made, "Generated")}{Player(reals, "Real")}</div></section>
            """;
    }

    private static string Clips(string? made, string? reals)
    {
        static string Picture(string? source, string caption) => source is null ? ""
            : $"<figure><img src=\"{source}\" alt=\"{caption} clips\"><figcaption>{caption}</figcaption></figure>";
        return made is null ? "" : $"""
            <section class="samples"><h2>Clips</h2>
            <p>The first of the newest samples as they move, and as many of the data. The pictures above have a frame of each clip.</p>
            <div class="stage">{Picture(made, "Generated")}{Picture(reals, "Real")}</div></section>
            """;
    }

    private static string Events(IReadOnlyList<Tick> ticks)
    {
        if (ticks.Count == 0)
            return "";
        var early = TrainingHealth.TellsFrom(ticks) is { } kimg
            ? Invariant($"<p class=\"note\">Too early to tell: the figures show whether training fails from about {kimg:#,0} kimg on.</p>")
            : "";
        var rows = ticks.SelectMany(tick => tick.Warnings.Select(warning => (tick.Kimg, Warning: warning))).Reverse().ToArray();
        if (rows.Length == 0)
            return $"<section class=\"events\"><h2>Warnings</h2>{(early.Length > 0 ? early : "<p class=\"fine\">None: nothing in the "
                + "figures looks like failing training.</p>")}</section>";
        var html = rows.Select(row => Invariant($"<tr><td>{row.Kimg:#,0}</td><td>{Sentence(row.Warning)}</td></tr>"));
        return $"<section class=\"events\"><h2>Warnings</h2>{early}<div class=\"scroll\"><table><thead><tr><th>kimg</th><th>What looks "
            + $"wrong, newest first</th></tr></thead><tbody>{string.Join('\n', html)}</tbody></table></div></section>";
    }

    private static string Sentence(string warning)
    {
        const int LongestHead = 60;
        var head = warning.IndexOf(": ", StringComparison.Ordinal);
        return head is > 0 and < LongestHead ? $"<strong>{Encode(warning[..head])}</strong>: {Encode(warning[(head + 2)..])}"
            : Encode(warning);
    }

    private static string Curves(JsonObject run, IReadOnlyList<Tick> ticks)
    {
        if (ticks.Count == 0)
            return "";
        var every = (ticks.Count + MostPoints - 1) / MostPoints;
        Tick[] shown = [.. ticks.Where((_, i) => (ticks.Count - 1 - i) % every == 0)];
        double[] kimg = [.. shown.Select(t => t.Images / 1000.0)];
        var charts = Charts.Of(shown, run["dataDeviation"] is JsonValue value && value.TryGetValue<double>(out var deviation) ? deviation
            : null);
        return $"<section><h2>Curves</h2><div "
            + $"class=\"charts\">{string.Concat(charts.Select(chart => chart.ToHtml(kimg)))}</div>{(every > 1 ? $"<p class=\"note\">One tick in {every} is drawn.</p>" : "")}</section>";
    }

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream($"GanOnnx.Training.Report.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
