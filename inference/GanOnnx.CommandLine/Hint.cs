using System.Text.RegularExpressions;

namespace GanOnnx.CommandLine;

/// <summary>Commands in messages, to be pasted as they are: <c>gan</c> as the user called it, and words quoted where a shell needs
/// it.</summary>
public static partial class Hint
{
    /// <summary>
    /// What starts this program: what the script <c>gan</c> was called as, or what a tool's package says it is called.
    /// </summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable("GANONNX_COMMAND") ?? AppContext.GetData("GanOnnx.Command") as string ?? "gan";

    /// <summary>A call of gan with these words behind it.</summary>
    public static string Of(params IEnumerable<string> words) => string.Join(' ', words.Select(Quoted).Prepend(Program));

    /// <summary>A word as a shell takes it back.</summary>
    public static string Quoted(string word) => Plain().IsMatch(word) && !(word.Contains('\\') && !OperatingSystem.IsWindows()) ? word
        : OperatingSystem.IsWindows() ? $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        // What may not be sent to a terminal, bash and zsh also take as it is shown.
        : PlainText.Of(word) != word
            ? $"$'{PlainText.Of(word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal))}'"
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^(?!=)[\w./\\:=,+@%-]+\z")]
    private static partial Regex Plain();
}
