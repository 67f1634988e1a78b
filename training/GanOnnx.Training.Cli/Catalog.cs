using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using GanOnnx.CommandLine;

namespace GanOnnx.Training.Cli;

/// <summary><c>gan train --list</c>: what there is to choose from, each in a line.</summary>
internal static class Catalog
{
    /// <summary>The option, which needs no other but <paramref name="json"/>.</summary>
    public static Option<bool> CreateOption(Option<bool> json) => new("--list")
    {
        Description = "List the networks, losses, regularizers, augmentations, conditions, schedules and presets, and end.",
        Action = new ListAction(json),
    };

    private static IEnumerable<(string Option, IReadOnlyList<OptionChoice> Choices)> Sections() =>
    [
        .. TrainingOption.All.Where(option => option is { Name: not null, Choice: not null })
            .Select(option => (option.Name![2..], option.Choices)),
        ("config", [.. TrainingOverrides.Presets.Select(name => new OptionChoice(name, Describe(TrainingOverrides.Preset(name))))]),
    ];

    private static string Describe(TrainingOptions preset)
    {
        string[] parts =
        [
            preset.Architecture, preset.Loss, preset.Regularizers, preset.Augmentations,
                preset.IsConditional ? $"labels by {preset.Condition}" : "",
            $"{preset.Size} pixels", $"{preset.Kimg.ToString("#,0", CultureInfo.InvariantCulture)} kimg",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private static string Text(IEnumerable<(string Option, IReadOnlyList<OptionChoice> Choices)> sections)
    {
        var all = sections.ToArray();
        var width = all.SelectMany(section => section.Choices).Max(choice => choice.Name.Length);
        string Line(OptionChoice choice) => $"  {choice.Name.PadRight(width)}  {choice.Description}{Remark(choice)}";
        // Networks by the tasks that have them.
        var parts = from section in all
                    from part in section.Choices.GroupBy(choice => choice.Tasks is null ? "" : $" with --task {string.Join(" or ", choice.Tasks)}")
                    select string.Join('\n', part.Select(Line).Prepend($"--{section.Option}{part.Key}"));
        return string.Join("\n\n", parts);
    }

    private static string Remark(OptionChoice choice) =>
        choice.Labels is not null ? $"; labels: {string.Join(", ", choice.Labels)}"
        : choice.Default is not null && choice.Default != choice.Name ? $"; short for {choice.Default}"
        : "";

    /// <summary>Prints the list whatever else the command line lacks, as <c>--help</c> does.</summary>
    private sealed class ListAction(Option<bool> json) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var sections = Sections();
            Results.Print(parseResult.GetValue(json), sections.ToDictionary(section => section.Option, section => section.Choices),
                Text(sections));
            return ExitCode.Done;
        }
    }
}
