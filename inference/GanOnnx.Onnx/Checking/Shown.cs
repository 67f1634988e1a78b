using System.Text;

namespace GanOnnx.Onnx.Checking;

/// <summary>Text from a file as messages show it: in quotes, short, and without what a terminal would obey.</summary>
internal static class Shown
{
    private const int Longest = 80;

    public static string Text(string text) => $"'{Plain(text.Length <= Longest ? text : text[..Longest] + "…")}'";

    /// <summary>The text with its control characters as \u….</summary>
    public static string Plain(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var plain = new StringBuilder();
        foreach (var character in text)
            plain.Append(char.IsControl(character) ? $"\\u{(int)character:x4}" : character);
        return plain.ToString();
    }
}
