using System.CommandLine;
using System.Reflection;
using GanOnnx.CommandLine;

namespace GanOnnx.Cli;

/// <summary>
/// A program with verbs of its own, as far as the tool gan has them, which comes without what they need: their help, and where to get the
/// rest. In a clone the script gan starts that program instead.
/// </summary>
/// <param name="Folder">Of the verbs' texts, in <c>docs/verbs</c>.</param>
/// <param name="Name">The program's, as a .NET tool installs it.</param>
/// <param name="Package">The tool's.</param>
/// <param name="Reason">Why it is one of its own.</param>
internal sealed record OtherProgram(string Folder, string Name, string Package, string Reason)
{
    /// <summary>The verbs that need TorchSharp.</summary>
    public static OtherProgram Training { get; } = new("training/", "gan-training", "GanOnnx.Training.Tool", "because libtorch is large");

    /// <summary>The verbs that need ASP.NET Core.</summary>
    public static OtherProgram Server { get; } = new("server/", "gan-serve", "GanOnnx.Server.Tool", "because it needs ASP.NET Core");

    /// <summary>How to get it.</summary>
    public string Install => $"dotnet tool install --global {Package}";

    /// <summary>All verbs that this program hasn't.</summary>
    public static IEnumerable<Verb> Verbs() => Server.Create().Concat(Training.Create());

    private IEnumerable<Verb> Create()
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
    private Verb Create(string verb, string help) =>
        new(verb, help.Split('\n')[0].Split(": ", 2)[1], (parsed, _) => throw Missing(parsed))
        {
            Text = help.Replace($"gan {verb}", $"{Name} {verb}", StringComparison.Ordinal),
            TreatUnmatchedTokensAsErrors = false,
        };

    private UsageException Missing(ParseResult parsed) => new(
        $"{parsed.CommandResult.Command.Name} is in a tool of its own, {Reason}. Install it: "
            + $"{Install}. "
        + $"Then: {Name} {string.Join(' ', parsed.Tokens.Select(token => Hint.Quoted(token.Value)))}");
}
