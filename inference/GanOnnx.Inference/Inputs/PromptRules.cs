using System.Globalization;

namespace GanOnnx.Inference.Inputs;

/// <summary>What can be a prompt.</summary>
internal static class PromptRules
{
    /// <summary>The most characters; encoders read some hundred words.</summary>
    public const int Longest = 1000;

    /// <summary>A prompt as it is encoded: without space around it, and with one space for each line break or tab.</summary>
    /// <exception cref="ModelException">It is empty, too long, or has control characters.</exception>
    public static string Clean(string prompt)
    {
        var text = string.Join(' ', prompt.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        if (text.Length == 0)
            throw Errors.EmptyPrompt();
        if (text.Length > Longest)
            throw Errors.LongPrompt(text.Length, Longest);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is >= 0xFFFD and <= 0xFFFF || System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control)
                throw Errors.PromptOfControls(rune.Value);
        return text;
    }
}
