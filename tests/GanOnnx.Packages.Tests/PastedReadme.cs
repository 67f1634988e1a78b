using System.Text.RegularExpressions;

namespace GanOnnx.Packages.Tests;

/// <summary>A program as a reader of a README pastes it: its C# blocks, and the packages of its <c>dotnet add package</c> lines.</summary>
/// <param name="Name">The README's folder, and the program's number in it.</param>
/// <param name="Program">The blocks in order, those with types at the end, where C# wants them.</param>
/// <param name="Packages">Their names.</param>
/// <param name="Settings">The README's JSON, which is the app's settings; null where there is none.</param>
public sealed partial record PastedReadme(string Name, string Program, IReadOnlyList<string> Packages, string? Settings)
{
    /// <summary>Those of all READMEs with C#: a block that begins with using directives begins a program.</summary>
    public static PastedReadme[] All() =>
    [
        .. new[] { "", "inference", "training" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "README.md",
                folder.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Where(path => !Path.GetRelativePath(Repository.Root, path).Contains("obj", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).SelectMany(Of),
    ];

    public override string ToString() => Name;

    private static IEnumerable<PastedReadme> Of(string path)
    {
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        List<List<string>> programs = [];
        foreach (var block in Block().Matches(text).Select(m => m.Groups[1].Value))
            if (block.StartsWith("using ", StringComparison.Ordinal))
                programs.Add([block]);
            else
                programs[^1].Add(block);
        string[] packages = [.. Package().Matches(text).Select(m => PackedLibraries.Native(m.Groups[1].Value)).Distinct()];
        var settings = Json().Match(text) is { Success: true } json ? json.Groups[1].Value : null;
        return programs.Select((blocks, i) => new PastedReadme($"{Path.GetFileName(Path.GetDirectoryName(path))}-{i + 1}",
            string.Concat(blocks.OrderBy(block => Type().IsMatch(block))), packages, settings));
    }

    [GeneratedRegex("(?s)```csharp\n(.*?)```")]
    private static partial Regex Block();

    [GeneratedRegex("(?s)```json\n(.*?)```")]
    private static partial Regex Json();

    [GeneratedRegex(@"(?m)^dotnet add package ([\w.-]+)")]
    private static partial Regex Package();

    [GeneratedRegex("^(internal |public )?(sealed )?(class|record) ")]
    private static partial Regex Type();
}
