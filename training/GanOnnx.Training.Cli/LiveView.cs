using System.Diagnostics;
using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Training.Monitoring;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GanOnnx.Training.Cli;

/// <summary>
/// A few lines on a terminal that show how training gets on, redrawn in place. They are drawn on the training thread: a
/// timer thread of its own could start a garbage collection in the middle of a native call. The cursor stays visible
/// and the screen the usual one, so an end at any moment leaves the terminal as it was.
/// </summary>
/// <param name="terminal">Where it is drawn.</param>
/// <param name="size">Tells the terminal's width and height in characters.</param>
/// <param name="things">What is trained on.</param>
internal sealed class LiveView(TextWriter terminal, Func<(int Width, int Height)> size, string things = "images")
{
    private const int SparklineWidth = 16, BarWidth = 24, Remembered = 64, Narrowest = 20;
    private static readonly TimeSpan _redraw = TimeSpan.FromSeconds(0.2);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Queue<Tick> _ticks = [];
    private TimeSpan _next;
    private long _firstStep = -1;
    private int _lines;
    private (string Text, long Kimg)? _warning;

    /// <summary>Shows how far it is, if it is time to.</summary>
    public void Report(long step, long totalSteps, int imagesPerStep)
    {
        if (_firstStep < 0)
            _firstStep = step - 1;
        if (_elapsed.Elapsed < _next)
            return;
        _next = _elapsed.Elapsed + _redraw;
        var (width, height) = size();
        var shown = Math.Max(Narrowest, width - 1);
        Draw(Content(step, totalSteps, imagesPerStep, shown), shown, height);
    }

    /// <summary>Takes in a tick's figures.</summary>
    public void Add(Tick tick)
    {
        _ticks.Enqueue(tick);
        if (_ticks.Count > Remembered)
            _ticks.Dequeue();
        if (tick.Warnings.Count > 0)
            _warning = (PlainText.Of(tick.Warnings[^1]), tick.Kimg);
    }

    /// <summary>Removes it, so that other lines can be written.</summary>
    public void Clear()
    {
        terminal.Write(Erase());
        _lines = 0;
        _next = TimeSpan.Zero;
    }

    private string Erase() => _lines == 0 ? "" : $"\r\e[{_lines}A\e[J";

    private void Draw(IRenderable content, int width, int height)
    {
        var lines = Render(content, width).TrimEnd('\n').Split('\n').Select(line => line.TrimEnd());
        // What is higher than the window can't be erased any more.
        string[] shown = [.. lines.Take(Math.Max(1, height - 1))];
        terminal.Write(Erase() + string.Concat(shown.Select(line => line + "\n")));
        _lines = shown.Length;
    }

    private static string Render(IRenderable content, int width)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is null ? ColorSystemSupport.Standard
                : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Capabilities.Unicode) = (width, true);
        console.Write(content);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private IRenderable Content(long step, long totalSteps, int imagesPerStep, int width)
    {
        List<IRenderable> parts = [new Text(Shortened(Progress(step, totalSteps, imagesPerStep), width))];
        if (_ticks.Count > 0)
            parts.Add(FigureTable());
        if (_warning is { } warning)
            parts.Add(new Text($"Warning at {warning.Kimg.ToString("#,0", CultureInfo.InvariantCulture)} kimg: {warning.Text}",
                new Style(Color.Yellow)));
        return new Rows(parts);
    }

    private string Progress(long step, long totalSteps, int imagesPerStep)
    {
        var rate = (step - _firstStep) / _elapsed.Elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Min((totalSteps - step) / rate, TimeSpan.FromDays(999).TotalSeconds));
        var filled = (int)(BarWidth * step / Math.Max(1, totalSteps));
        var time = left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes:00} min" : $"{left.Minutes} min {left.Seconds:00} s";
        return string.Create(CultureInfo.InvariantCulture,
            $"Training {new string('█', filled)}{new string('░', BarWidth - filled)} {100.0 * step / totalSteps:0} %  "
                + $"{step * imagesPerStep / 1000.0:#,0.0} of {totalSteps * imagesPerStep / 1000.0:#,0} kimg  {rate * imagesPerStep:#,0} "
                + $"{things}/s  {time} left");
    }

    // Spectre's own shortening breaks lines at spaces first.
    private static string Shortened(string line, int width) => line.Length <= width ? line : line[..(width - 1)] + "…";

    private Table FigureTable()
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true }
            .AddColumns("", "discriminator", "", "generator", "");
        foreach (var column in table.Columns)
            column.NoWrap = true;
        table.Columns[1].Alignment = table.Columns[3].Alignment = Justify.Right;
        foreach (var row in Figures.All.Where(figure => figure.Row is not null).GroupBy(figure => figure.Row!))
            AddRow(table, row.Key, [.. row.Where(figure => _ticks.Last().Shown(figure) is not null)]);
        return table;
    }

    // Two figures beside each other; none at all where neither was measured.
    private void AddRow(Table table, string name, Figure[] figures)
    {
        Text Number(int i) => new(i < figures.Length
            ? _ticks.Last().Shown(figures[i])?.ToString(figures[i].Format, CultureInfo.InvariantCulture) ?? "" : "");
        Text Curve(int i, Color color) =>
            new(i < figures.Length ? Sparkline.Of(_ticks.Select(t => t.Shown(figures[i])).OfType<double>(), SparklineWidth) : "",
            new Style(color));
        if (figures.Length > 0)
            table.AddRow(new Text(name), Number(0), Curve(0, Color.Blue), Number(1), Curve(1, Color.Olive));
    }
}
