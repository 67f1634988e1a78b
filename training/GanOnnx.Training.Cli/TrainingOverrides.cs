using System.CommandLine;
using System.Text.Json;
using GanOnnx.CommandLine;

namespace GanOnnx.Training.Cli;

/// <summary>The command line's training options, laid over a preset's or a checkpoint's.</summary>
internal static class TrainingOverrides
{
    private const string TaskKey = "task";

    private static readonly string _presets = Path.Combine(AppContext.BaseDirectory, "configs");

    private static readonly Option<string> _config =
        new("--config")
        {
            Description = "A preset's name or a JSON file of options; other options go before it.",
            CompletionSources = { _ => Presets },
        };
    private static readonly Override[] _overrides = [.. TrainingOption.All.Where(option => option.Name is not null).Select(Create)];

    /// <summary>The options under their headings.</summary>
    public static IEnumerable<(string Heading, IReadOnlyList<Option> Options)> Groups =>
        _overrides.GroupBy(o => o.Told.Group).Select((group, i) => (group.Key,
            (IReadOnlyList<Option>)[.. i == 0 ? [_config] : Array.Empty<Option>(), .. group.Select(o => o.Option)]));

    /// <param name="parsed">The command line.</param>
    /// <param name="before">The options of what the run goes on from, which are the base without a preset; null for the defaults.</param>
    public static TrainingOptions Read(ParseResult parsed, TrainingOptions? before)
    {
        var options = parsed.GetValue(_config) is { } config ? Preset(config) : before ?? OfTask(parsed);
        return options.With(from o in _overrides
                            let value = o.Value(parsed)
                            where value is not null
                            select KeyValuePair.Create(o.Key, value));
    }

    /// <summary>Checks that the run has a use for what is said.</summary>
    /// <exception cref="UsageException">It hasn't.</exception>
    public static void CheckUsed(ParseResult parsed, TrainingOptions options)
    {
        string[] unused = [.. _overrides.Where(o => o.Value(parsed) is not null && !o.Told.IsUsedBy(options)).Select(o => o.Option.Name)];
        if (unused.Length > 0)
            throw new UsageException($"The networks {options.Architecture} of the task {options.Task} have no use for {string.Join(" and ", unused)}; "
                + $"leave {(unused.Length > 1 ? "them" : "it")} out, or choose others with --config.");
    }

    /// <summary>Whether a preset or a file of options is named.</summary>
    public static bool NamesPreset(ParseResult parsed) => parsed.GetValue(_config) is not null;

    /// <summary>The keys of the options that are said.</summary>
    public static IEnumerable<string> Said(ParseResult parsed) => _overrides.Where(o => o.Value(parsed) is not null).Select(o => o.Key);

    /// <summary>A training option's name on the command line.</summary>
    /// <param name="key">Its key.</param>
    public static string NameOf(string key) => _overrides.FirstOrDefault(o => o.Key == key)?.Option.Name ?? "--config";

    // A task other than the default one has other networks, so it begins with the preset of its name.
    private static TrainingOptions OfTask(ParseResult parsed) =>
        _overrides.Single(o => o.Key == TaskKey).Value(parsed) is string task && Presets.Contains(task) ? Preset(task) : new();

    /// <summary>The presets' names.</summary>
    public static IReadOnlyList<string> Presets =>
        [.. Directory.GetFiles(_presets, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>A preset's options.</summary>
    /// <exception cref="TrainingException">There is no such preset or file, or it can't be read.</exception>
    public static TrainingOptions Preset(string nameOrPath)
    {
        // A preset goes before a file of its name: the repository's own script is called gan, as a preset is.
        var path = Presets.Contains(nameOrPath) ? Path.Combine(_presets, nameOrPath + ".json") : nameOrPath;
        if (!File.Exists(path))
            throw new TrainingException($"There is no preset '{nameOrPath}' and no such file.{Spelling.Meant(nameOrPath, Presets)} "
                + $"There are the presets {string.Join(", ", Presets)}.");
        try
        {
            return TrainingOptions.FromJson(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new TrainingException($"'{path}' can't be read as training options: {e.Message}", e);
        }
    }

    private static Override Create(TrainingOption option) => Type.GetTypeCode(option.Type) switch
    {
        TypeCode.String => Create<string>(option),
        TypeCode.Boolean => Create<bool?>(option),
        TypeCode.Int32 => Create<int?>(option),
        TypeCode.UInt64 => Create<ulong?>(option),
        _ => Create<double?>(option),
    };

    private static Override Create<T>(TrainingOption told)
    {
        var option = new Option<T>(told.Name!) { Description = told.Description };
        option.CompletionSources.Add([.. told.Choices.Select(choice => choice.Name), .. told.OneOf.Select(number => $"{number}")]);
        return new(told, option, parsed => parsed.GetValue(option));
    }

    /// <summary>An option of the command line and what it was given.</summary>
    private sealed record Override(TrainingOption Told, Option Option, Func<ParseResult, object?> Value)
    {
        public string Key => Told.Key;
    }
}
