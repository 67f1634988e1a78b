using System.Globalization;
using System.Text;

namespace GanOnnx.CommandLine;

/// <summary>
/// Text from outside, as names in a model's file, for a terminal: what would command the terminal, begin a line of its own, or turn
/// around what follows is shown as <c>\u001b</c>, not sent.
/// </summary>
public static class PlainText
{
    /// <summary>The text in one line.</summary>
    public static string Of(string text) => Of(text, keepLines: false);

    internal static string Of(ReadOnlySpan<char> text, bool keepLines)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isLine = text[i] is '\n' or '\t' || (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n');
            if (IsCommand(text[i]) && !(keepLines && isLine))
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else
                plain.Append(text[i]);
        }
        return plain.ToString();
    }

    // Control characters, line and paragraph separators, and the marks that change the direction of writing.
    private static bool IsCommand(char c) =>
        char.IsControl(c) || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
