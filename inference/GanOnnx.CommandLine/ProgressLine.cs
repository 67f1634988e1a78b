using System.Diagnostics;
using System.Globalization;

namespace GanOnnx.CommandLine;

/// <summary>
/// A progress bar on standard error: redrawn in place on a terminal, a plain line every so often elsewhere. It draws
/// on the caller's thread; a timer thread of its own could start a garbage collection in the middle of a native call
/// of training.
/// </summary>
/// <param name="title">What is done.</param>
/// <param name="total">How much of it there is to do.</param>
public sealed class ProgressLine(string title, long total)
{
    private const int BarWidth = 24;
    private static readonly TimeSpan _redraw = TimeSpan.FromSeconds(0.2), _plainLine = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private TimeSpan _next = Console.IsErrorRedirected ? _plainLine : TimeSpan.Zero;
    private long _start = -1;
    private int _drawn;

    /// <summary>Shows how far it is, if it is time to.</summary>
    /// <param name="unit">What is counted, for the rate: each of <paramref name="done"/> counts <paramref name="perStep"/> of it.</param>
    public void Report(long done, string unit, double perStep = 1, string details = "")
    {
        if (_start < 0)
            _start = done - 1;
        if (_elapsed.Elapsed < _next)
            return;
        _next = _elapsed.Elapsed + (_terminal ? _redraw : _plainLine);
        var rate = (done - _start) / _elapsed.Elapsed.TotalSeconds;
        var left = rate > 0 ? TimeSpan.FromSeconds(Math.Min((total - done) / rate, TimeSpan.FromDays(999).TotalSeconds)) : TimeSpan.Zero;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{title} {Bar(done)}{100.0 * done / total,3:0} %  {rate * perStep:#,0} {unit}/s  {Time(left)} left{details}");
        Draw(text);
    }

    /// <summary>Removes the bar, so that other lines can be written.</summary>
    public void Clear()
    {
        if (_terminal && _drawn > 0)
            Terminal.Drawing.Write($"\r{new string(' ', _drawn)}\r");
        _drawn = 0;
    }

    private void Draw(string text)
    {
        if (!_terminal)
        {
            Console.Error.WriteLine(text);
            return;
        }
        text = PlainText.Of(text);
        text = text[..Math.Min(text.Length, Math.Max(20, Console.WindowWidth - 1))];
        Terminal.Drawing.Write("\r" + text.PadRight(_drawn));
        _drawn = text.Length;
    }

    private string Bar(long done)
    {
        if (!_terminal)
            return "";
        var filled = (int)(BarWidth * done / Math.Max(1, total));
        return $"{new string('█', filled)}{new string('░', BarWidth - filled)} ";
    }

    private static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s");
}
