using System.CommandLine;
using System.Reflection;
using GanOnnx.CommandLine;

namespace GanOnnx.Cli;

/// <summary>
/// The verbs of the training program, as far as the tool gan has them, which comes without libtorch: their help, and where to get
/// the rest. In a clone the script gan starts the training program instead.
/// </summary>
internal static class TrainingVerbs
{
    /// <summary>The program that has them, as a .NET tool installs it.</summary>
    public const string Program = "gan-training";

    /// <summary>How to get it.</summary>
    public const string Install = "dotnet tool install --global GanOnnx.Training.Tool";

    private const string Folder = "training/";

    public static IEnumerable<Verb> Create()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return Create(Path.GetFileNameWithoutExtension(resource), text.ReadToEnd());
        }
    }

    // The first line of a help is: gan VERB: what it does
    private static Verb Create(string name, string help) =>
        new(name, help.Split('\n')[0].Split(": ", 2)[1], (parsed, _) => throw Missing(parsed))
        {
            Text = help.Replace($"gan {name}", $"{Program} {name}", StringComparison.Ordinal),
            TreatUnmatchedTokensAsErrors = false,
        };

    private static UsageException Missing(ParseResult parsed) => new(
        $"{parsed.CommandResult.Command.Name} is in a tool of its own, because libtorch is large. Install it: "
            + $"{Install}. "
        + $"Then: {Program} {string.Join(' ', parsed.Tokens.Select(token => Hint.Quoted(token.Value)))}");
}
