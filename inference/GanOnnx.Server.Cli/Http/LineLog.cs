using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace GanOnnx.Server.Http;

/// <summary>
/// The log: lines for people, or a JSON object each for programs. A line is written when it comes; those that come in
/// the next moment are written together, so that a line for each of many requests costs next to nothing.
/// </summary>
internal sealed class LineLog : ILoggerProvider
{
    // Whoever logs waits when nobody reads: no line is lost, and memory has an end.
    private const int MostWaiting = 1 << 20;

    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(50);

    private readonly TextWriter _to;
    private readonly bool _asJson;
    private readonly object _lock = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private readonly Thread _writer;
    private ArrayBufferWriter<byte> _lines = new(), _written = new();
    private bool _isClosed;

    /// <param name="to">Where it goes.</param>
    /// <param name="asJson">Whether it is for programs: in letters of ASCII alone, none of which commands a terminal.</param>
    public LineLog(TextWriter to, bool asJson)
    {
        (_to, _asJson) = (to, asJson);
        _writer = new(Write) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <summary>Writes what is left.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.PulseAll(_lock);
        }
        _writer.Join();
        _json.Dispose();
    }

    private void Add<TState>(string category, LogLevel level, TState state, Exception? e, string message)
    {
        lock (_lock)
        {
            while (_lines.WrittenCount > MostWaiting && !_isClosed)
                Monitor.Wait(_lock);
            if (_isClosed)
                return;
            if (_asJson)
                AddJson(category, level, state as IReadOnlyList<KeyValuePair<string, object?>>, e, message);
            else
                AddText(category, level, e, message);
            _lines.Write("\n"u8);
            Monitor.PulseAll(_lock);
        }
    }

    private void AddText(string category, LogLevel level, Exception? e, string message)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.Now:HH:mm:ss} {level}: {category} {message}{(e is null ? "" : $" {e}")}");
        Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" "), _lines);
    }

    private void AddJson(string category, LogLevel level, IReadOnlyList<KeyValuePair<string, object?>>? state, Exception? e, string message)
    {
        _json.Reset(_lines);
        _json.WriteStartObject();
        _json.WriteString("Timestamp", DateTime.UtcNow);
        _json.WriteString("LogLevel", level.ToString());
        _json.WriteString("Category", category);
        _json.WriteString("Message", message);
        if (e is not null)
            _json.WriteString("Exception", e.ToString());
        _json.WriteStartObject("State");
        for (var i = 0; i < state?.Count; i++)
            AddValue(state[i].Key, state[i].Value);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }

    private void AddValue(string name, object? value)
    {
        if (value is int or long)
            _json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
        else if (value is double number && double.IsFinite(number))
            _json.WriteNumber(name, number);
        else
            _json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    private void Write()
    {
        while (Take())
        {
            try
            {
                _to.Write(Encoding.UTF8.GetString(_written.WrittenSpan));
                _to.Flush();
            }
            catch (IOException)
            {
                // A disk that is full, as one: the lines are lost, the server goes on.
            }
            _written.ResetWrittenCount();
            Thread.Sleep(_moment);
        }
    }

    // What waits, as soon as something does; false at the end.
    private bool Take()
    {
        lock (_lock)
        {
            while (_lines.WrittenCount == 0 && !_isClosed)
                Monitor.Wait(_lock);
            (_lines, _written) = (_written, _lines);
            Monitor.PulseAll(_lock);
            return _written.WrittenCount > 0;
        }
    }

    private sealed class Logger(LineLog log, string category) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => log.Add(category, logLevel, state, exception, formatter(state, exception));
    }
}
