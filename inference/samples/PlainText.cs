using System.Globalization;
using System.Text;

namespace Samples;

/// <summary>Names from a model's file, which anybody may have written, for a terminal: what would command it is shown, not sent.</summary>
internal static class PlainText
{
    /// <summary>The text in one line.</summary>
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
            if (char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator)
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                plain.Append(c);
        return plain.ToString();
    }
}
