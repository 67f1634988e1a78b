using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace GanOnnx.CommandLine;

/// <summary>What <c>gan --help</c> and <c>gan VERB --help</c> print.</summary>
public static class HelpText
{
    private const int PlainWidth = 80, Narrowest = 40, Widest = 120, WidestLabel = 26;

    /// <summary>All verbs, each in a line.</summary>
    public static string Of(IEnumerable<Verb> verbs)
    {
        var all = verbs.ToArray();
        var width = all.Max(verb => verb.Name.Length);
        return $"""
            {Hint.Program} VERB …

            {string.Join('\n', all.Select(verb => $"  {verb.Name.PadRight(width)}  {verb.Description}"))}

            {Hint.Program} VERB --help tells a verb's options.

            """;
    }

    /// <summary>A verb's arguments, options and examples.</summary>
    /// <param name="width">The longest line.</param>
    public static string Of(Verb verb, int width)
    {
        if (verb.Text is { } written)
            return written;
        var text = new StringBuilder($"{Hint.Program} {verb.Name}: {verb.Description}\n\n");
        AppendWrapped(text, $"  {Hint.Program} {verb.Name} {Usage(verb)}", indent: 6, width);
        if (verb.Arguments.Count > 0)
            AppendRows(text.Append('\n'), verb.Arguments.Select(a => (a.Name, a.Description ?? "")), width);
        foreach (var (heading, options) in Groups(verb))
            AppendRows(text.Append($"\n{heading}\n"), options.Select(o => (Label(o), o.Description ?? "")), width);
        if (verb.Examples.Count > 0)
            text.Append("\nExamples\n");
        foreach (var example in verb.Examples)
            text.Append($"  {Hint.Program} {verb.Name} {example}".TrimEnd()).Append('\n');
        return text.Append($"\nExit codes: {ExitCode.Meaning}\n").ToString();
    }

    /// <summary>The option that prints it.</summary>
    internal static Option CreateOption(IReadOnlyList<Verb> verbs) =>
        new HelpOption("--help", "-h") { Description = "Show this.", Action = new Action(verbs) };

    private static IEnumerable<OptionGroup> Groups(Verb verb)
    {
        Option[] others = [.. verb.Options.Except(verb.Groups.SelectMany(group => group.Options))];
        return others.Length > 0 ? verb.Groups.Prepend(new("Options", others)) : verb.Groups;
    }

    private static string Usage(Verb verb) => string.Join(' ',
    [
        .. verb.Arguments.Select(a => a.Name),
        .. verb.Options.Where(o => o.Required).Select(Label),
        .. verb.Options.Any(o => !o.Required) ? ["[OPTION …]"] : Array.Empty<string>(),
    ]);

    private static string Label(Option option)
    {
        var value = option.HelpName ?? ValueName(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType);
        return value.Length > 0 ? $"{option.Name} {value}" : option.Name;
    }

    private static string ValueName(Type type) => type == typeof(bool) ? "" : type == typeof(string) ? "TEXT" : "NUMBER";

    private static void AppendRows(StringBuilder text, IEnumerable<(string Label, string Description)> rows, int width)
    {
        var all = rows.ToArray();
        var column = Math.Min(Math.Min(WidestLabel, width / 2 - 4), all.Max(row => row.Label.Length)) + 4;
        foreach (var (label, description) in all)
        {
            var line = $"  {label}  ".PadRight(column);
            // A long label has a line of its own.
            if (line.Length > column)
                (line, _) = (new string(' ', column), text.Append($"{line.TrimEnd()}\n"));
            AppendWrapped(text, line + description, column, width);
        }
    }

    private static void AppendWrapped(StringBuilder text, string line, int indent, int width)
    {
        while (line.Length > width)
        {
            var space = line.LastIndexOf(' ', width);
            if (space <= indent && (space = line.IndexOf(' ', width)) < 0)
                break; // its last word is longer than what there is
            text.Append($"{line[..space].TrimEnd()}\n");
            line = new string(' ', indent) + line[(space + 1)..];
        }
        text.Append($"{line.TrimEnd()}\n");
    }

    private sealed class Action(IReadOnlyList<Verb> verbs) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var width = Console.IsOutputRedirected ? PlainWidth : Math.Clamp(Console.WindowWidth, Narrowest, Widest);
            Console.Out.Write(parseResult.CommandResult.Command is Verb verb ? Of(verb, width) : Of(verbs));
            return ExitCode.Done;
        }
    }
}
