using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text.Json.Serialization;
using GanOnnx.CommandLine;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;

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

    private static IEnumerable<(string Option, Choice[] Choices)> Sections() =>
    [
        ("arch", [.. Architectures.Names.Select(name => new Choice(name, Architectures.Description(name), Labels: Architectures.ConditionsOf(name)))]),
        ("loss", [.. GanLosses.Names.Select(name => new Choice(name, GanLosses.Description(name)))]),
        ("reg", [.. GanRegularizers.Names.Select(name => new Choice(name, GanRegularizers.Description(name), Default: GanRegularizers.Default(name)))]),
        ("augment", [.. GanAugmentations.Names.Select(name => new Choice(name, GanAugmentations.Description(name)))]),
        ("condition", [.. Conditions.Names.Select(name => new Choice(name, Conditions.Description(name)))]),
        ("schedule", [.. LearningRateSchedule.Names.Select(name => new Choice(name, LearningRateSchedule.Description(name)))]),
        ("config", [.. TrainingOverrides.Presets.Select(name => new Choice(name, Describe(TrainingOverrides.Preset(name))))]),
    ];

    private static string Describe(TrainingOptions preset)
    {
        string[] parts =
        [
            preset.Architecture, preset.Loss, preset.Regularizers, preset.Augmentations, preset.IsConditional ? $"labels by {preset.Condition}" : "",
            $"{preset.Size} pixels", $"{preset.Kimg.ToString("#,0", CultureInfo.InvariantCulture)} kimg",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private static string Text(IEnumerable<(string Option, Choice[] Choices)> sections)
    {
        var all = sections.ToArray();
        var width = all.SelectMany(section => section.Choices).Max(choice => choice.Name.Length);
        string Line(Choice choice) => $"  {choice.Name.PadRight(width)}  {choice.Description}{choice.Remark}";
        return string.Join("\n\n", all.Select(section => string.Join('\n', section.Choices.Select(Line).Prepend($"--{section.Option}"))));
    }

    /// <summary>What an option can be.</summary>
    /// <param name="Name">As it is written.</param>
    /// <param name="Description">What it is, in a line.</param>
    /// <param name="Labels">An architecture's conditions, else null.</param>
    /// <param name="Default">What a regularizer's name alone stands for, else null.</param>
    private sealed record Choice(
        string Name, string Description,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Labels = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Default = null)
    {
        [JsonIgnore]
        public string Remark => Labels is not null ? $"; labels: {string.Join(", ", Labels)}" : Default is not null && Default != Name ? $"; short for {Default}" : "";
    }

    /// <summary>Prints the list whatever else the command line lacks, as <c>--help</c> does.</summary>
    private sealed class ListAction(Option<bool> json) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var sections = Sections();
            Results.Print(parseResult.GetValue(json), sections.ToDictionary(section => section.Option, section => section.Choices), Text(sections));
            return ExitCode.Done;
        }
    }
}
