using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text;

namespace GanOnnx.CommandLine;

/// <summary>
/// Completion in shells: what <c>gan completion SHELL</c> prints asks the program itself, by System.CommandLine's directive
/// <c>[suggest:POSITION]</c> and the line as it was typed. The script gan answers it from <c>docs/verbs/completions</c>.
/// </summary>
public static class Completion
{
    private const string Directive = "[suggest:";

    private static readonly Argument<string> _shell =
        new Argument<string>("SHELL") { Description = "bash, zsh or pwsh." }.AcceptOnlyFromAmong("bash", "zsh", "pwsh");

    /// <summary>The verb that prints a shell's script.</summary>
    public static Verb Create() => new("completion", "print what makes a shell complete verbs, options and names", Print,
        "bash",
        "zsh",
        "pwsh")
    { _shell };

    /// <summary>
    /// What can be completed, for the script: a line for each verb with its options, for each option that takes a value with those it can
    /// have, and for each verb that takes a model.
    /// </summary>
    public static string Table(IEnumerable<Verb> verbs)
    {
        var table = new StringBuilder();
        void Line(string key, IEnumerable<string> words) => table.Append($"{key}: {string.Join(' ', words)}".TrimEnd()).Append('\n');
        foreach (var verb in verbs)
        {
            Line(verb.Name, verb.Options.Select(option => option.Name).Append("--help"));
            if (verb.Arguments.FirstOrDefault() is { } argument)
                Line($"{verb.Name} {argument.Name}", argument.Name == "MODEL" ? [] : LabelsOf(argument));
            foreach (var option in verb.Options.Where(option => option.ValueType != typeof(bool) && option.ValueType != typeof(bool?)))
                Line($"{verb.Name} {option.Name}", LabelsOf(option));
        }
        return table.ToString();
    }

    /// <summary>Prints what could stand at the cursor, each in a line, where that is what was asked for.</summary>
    internal static bool Suggests(Command root, string[] args)
    {
        if (args is not [var directive, var line] || !directive.StartsWith(Directive, StringComparison.Ordinal))
            return false;
        var typed = int.TryParse(directive[Directive.Length..].TrimEnd(']'), CultureInfo.InvariantCulture, out var position)
            ? line[..Math.Clamp(position, 0, line.Length)] : line;
        // The first word is how the program was called.
        var rest = typed.Contains(' ') ? typed[(typed.IndexOf(' ', StringComparison.Ordinal) + 1)..] : "";
        var word = rest[(rest.LastIndexOf(' ') + 1)..];
        foreach (var label in root.Parse(rest).GetCompletions(rest.Length).Select(item => item.Label)
            .Where(label => label.StartsWith(word, StringComparison.Ordinal) && (label[0] != '-' || word.StartsWith('-'))).Distinct())
            Console.Out.WriteLine(label);
        return true;
    }

    private static IEnumerable<string> LabelsOf(Symbol symbol) =>
        symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label);

    private static int Print(ParseResult parsed, CancellationToken stop)
    {
        using var script = new StreamReader(typeof(Completion).Assembly
            .GetManifestResourceStream($"completion/{parsed.GetRequiredValue(_shell)}")!);
        Console.Out.Write(script.ReadToEnd());
        return ExitCode.Done;
    }
}
