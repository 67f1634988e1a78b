using System.Globalization;
using System.Text.RegularExpressions;
using GanOnnx.Data;

namespace GanOnnx.Cli;

/// <summary>The folders that hold the pictures of classes: named by them, as far as every system allows it and what reads the set takes
/// them for classes.</summary>
internal static partial class ClassFolders
{
    // In UTF-8, where a character may take three bytes, a name has 255 at most.
    private const int LongestName = 80;

    private const string Forbidden = "<>:\"/\\|?*";

    /// <summary>A name for each class, no two the same, not even where capitals don't count.</summary>
    /// <param name="classes">The classes' names in label order.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> classes)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new string[classes.Count];
        for (var label = 0; label < names.Length; label++)
        {
            var name = Plain(classes[label]);
            while (IsReserved(name) || !taken.Add(name))
                name += string.Create(CultureInfo.InvariantCulture, $"-{label}");
            names[label] = name;
        }
        return names;
    }

    private static string Plain(string name)
    {
        name = string.Concat(name.Select(letter => IsAllowed(letter) ? letter : '-'));
        name = name[..Math.Min(name.Length, LongestName)];
        // Windows drops what a name ends with here, and a dot in front hides a folder.
        name = name.Trim(' ').TrimEnd('.', ' ');
        return name.StartsWith('.') ? $"-{name[1..]}" : Device().IsMatch(name) ? $"-{name}" : name;
    }

    // A character beyond 16 bits is two, and could be cut in half.
    private static bool IsAllowed(char letter) => !Forbidden.Contains(letter, StringComparison.Ordinal)
        && char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsReserved(string name) =>
        name.Length == 0 || HiddenNames.IsOne(name) || Splits.Of(name) is not null;

    [GeneratedRegex(@"^(CON|PRN|AUX|NUL|(COM|LPT)[0-9])(\..*)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();
}
