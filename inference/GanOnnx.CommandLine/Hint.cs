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
    public static string Quoted(string word) => Plain().IsMatch(word) ? word
        : OperatingSystem.IsWindows() ? $"\"{word}\""
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[\w./\\:=,+@%-]+$")]
    private static partial Regex Plain();
}
