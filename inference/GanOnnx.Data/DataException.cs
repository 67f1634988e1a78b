namespace GanOnnx.Data;

/// <summary>A data source can't be read: the message says what was found, what was expected and what to do.</summary>
public sealed class DataException : Exception
{
    /// <summary>An error with its sentence, whose control characters become \u….</summary>
    public DataException(string message, Exception? inner = null) : base(Plain(message), inner) { }

    /// <summary>What has to be said to get on, by the name that a command line has for it without its hyphens: <c>split</c>. The
    /// default is null: it is no matter of one option.</summary>
    public string? Option { get; init; }

    // The names in an archive are anybody's: a sentence with one stays a line.
    private static string Plain(string message) =>
        string.Concat(message.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()));
}
