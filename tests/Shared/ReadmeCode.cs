using System.Text.RegularExpressions;

namespace GanOnnx.Tests.Shared;

/// <summary>A README's C# is code that tests run: it stands there between the comments "readme" and "readme ends".</summary>
internal static partial class ReadmeCode
{
    /// <summary>Checks that a README's C# blocks are a test file's, line by line without the indentation.</summary>
    public static void AssertTested(string readme, string tests) =>
        Assert.That(Lines(Shown(), readme), Is.EqualTo(Lines(Tested(), tests)));

    private static string[] Lines(Regex blocks, string path) =>
        [.. blocks.Matches(File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n"))
            .SelectMany(m => m.Groups[1].Value.Split('\n')).Select(l => l.Trim()).Where(l => l.Length > 0)];

    [GeneratedRegex("(?s) *// readme\n(.*?)// readme ends")]
    private static partial Regex Tested();

    [GeneratedRegex("(?s)```csharp\n(.*?)```")]
    private static partial Regex Shown();
}
