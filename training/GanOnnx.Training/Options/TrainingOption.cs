using System.Globalization;
using System.Reflection;
using System.Text.Json;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training;

/// <summary>
/// A training option with all there is to tell of it: a property of <see cref="TrainingOptions"/> that has a
/// <see cref="TrainingOptionAttribute"/>, or a number that an architecture declares for itself.
/// </summary>
/// <param name="Key">Its key in presets, as <c>batchSize</c>.</param>
/// <param name="Help">What it is, for people, without a period at the end.</param>
/// <param name="Type">What its value is: <see cref="string"/>, <see cref="int"/>, <see cref="double"/>, <see cref="ulong"/> or
/// <see cref="bool"/>.</param>
/// <param name="Default">Its value where nothing is said; null where it has none.</param>
public sealed record TrainingOption(string Key, string Help, Type Type, object? Default)
{
    private static readonly TrainingOption[] _properties =
        [.. typeof(TrainingOptions).GetProperties().Select(OfProperty).OfType<TrainingOption>()];

    private Func<TrainingOptions, object?>? _property;

    /// <summary>All there are: those of every run, then those of the registered architectures.</summary>
    public static IReadOnlyList<TrainingOption> All => [.. _properties, .. OfArchitectures.DistinctBy(option => option.Key)];

    /// <summary>Its name on the command line, as <c>--batch</c>. The default is null: only presets have it.</summary>
    public string? Name { get; init; }

    /// <summary>Under which heading help shows it. The default is the tasks whose networks have it, as <c>With --task
    /// pix2pix, srgan</c>.</summary>
    public string Group
    {
        get => field ?? $"With --task {string.Join(", ", Owners.Select(owner => owner.Task).Distinct())}";
        init;
    }

    /// <summary>The smallest number. The default is null: no such bound.</summary>
    public double? Least { get; init; }

    /// <summary>What a number is above. The default is null: no such bound.</summary>
    public double? Above { get; init; }

    /// <summary>The largest number. The default is null: no such bound.</summary>
    public double? Most { get; init; }

    /// <summary>What a number is below. The default is null: no such bound.</summary>
    public double? Below { get; init; }

    /// <summary>The numbers there are. The default is none: those of the bounds.</summary>
    public IReadOnlyList<double> OneOf { get; init; } = [];

    /// <summary>What messages say of a number out of range: see <see cref="TrainingOptionAttribute.Rule"/>. The default is null.</summary>
    public string? Rule { get; init; }

    /// <summary>What is chosen from: see <see cref="TrainingOptionAttribute.Choice"/>. The default is null.</summary>
    public string? Choice { get; init; }

    /// <summary>Whether a run that goes on may have another value than it began with. The default is false.</summary>
    public bool CanChange { get; init; }

    /// <summary>How help tells the default. The default is null: by its value.</summary>
    public string? DefaultText { get; init; }

    /// <summary>What it can be, where that has names; else none.</summary>
    public IReadOnlyList<OptionChoice> Choices => OptionChoice.Of(Choice);

    /// <summary>Whether the networks that options ask for have a use for it; true where there are no such networks.</summary>
    public bool IsUsedBy(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return TrainingTasks.Catalog.Find(options.Task) is not { } kind || kind.Architectures.All(choice => choice.Name != options.Architecture)
            || (_property is null ? kind.OptionsOf(options.Architecture).Any(option => option.Key == Key) : !kind.Unused.Contains(Key));
    }

    /// <summary>The help of a command line: what it is, what there is to choose from, its range and its default.</summary>
    public string Description
    {
        get
        {
            // Named where the heading's tasks have others too.
            var networks = Owners.Select(owner => owner.Network).Distinct().ToArray();
            var others = TrainingTasks.Networks.Count(network => network.Tasks!.Intersect(Owners.Select(owner => owner.Task)).Any());
            var help = networks.Length == 0 || networks.Length == others ? Help
                : $"{string.Join(", ", networks)}: {char.ToLowerInvariant(Help[0])}{Help[1..]}";
            var names = Choice is null ? "" : $": {Names}";
            var value = DefaultText ?? (Default is null or "" or false ? null : Text(Default));
            return $"{help}{names}{(Range is null ? "" : $" ({Range})")}.{(value is null ? "" : $" The default is {value}.")}";
        }
    }

    // Networks by their tasks.
    private string Names => string.Join("; ", Choices.GroupBy(choice => And(choice.Tasks ?? [])).Select(group =>
        (group.Key.Length > 0 ? $"for {group.Key} " : "") + string.Join(", ", group.Select(choice => choice.Name))));

    private IEnumerable<(string Task, string Network, TrainingOption Option)> Owners =>
        TrainingTasks.NetworkOptions.Where(owner => owner.Option.Key == Key);

    /// <summary>Those that architectures declare.</summary>
    internal static IEnumerable<TrainingOption> OfArchitectures => TrainingTasks.NetworkOptions.Select(o => o.Option);

    /// <summary>Those of every run.</summary>
    internal static IReadOnlyList<TrainingOption> OfEveryRun => _properties;

    /// <summary><see cref="Rule"/> with the bounds.</summary>
    internal string? Sentence => Rule is null ? null : string.Format(CultureInfo.InvariantCulture, Rule, Least ?? Above, Most ?? Below);

    private string? Range => OneOf.Count > 0 ? string.Join(" or ", OneOf.Select(number => Text(number)))
        : (Least, Above, Most, Below) switch
        {
            ({ } least, _, { } most, _) => $"{Text(least)} to {Text(most)}",
            ({ } least, _, _, { } below) => $"{Text(least)} to below {Text(below)}",
            ({ } least, _, _, _) => $"{Text(least)} or more",
            (_, { } above, _, _) => $"above {Text(above)}",
            _ => null,
        };

    private static string And(IReadOnlyList<string> names) => names.Count < 2 ? string.Concat(names)
        : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";

    /// <summary>A value as messages and help write it.</summary>
    internal static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Its value in options; a number that an architecture declares as a double, the text of what is none.</summary>
    internal object? In(TrainingOptions options)
    {
        if (_property is not null)
            return _property(options);
        var value = options.Network.GetValueOrDefault(Key) switch
        {
            JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble(),
            JsonElement { ValueKind: JsonValueKind.Null } => null,
            JsonElement json => json.GetRawText(),
            var set => set,
        };
        return value is string ? value : Convert.ToDouble(value ?? Default, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a value is one that it can have.</summary>
    internal bool Allows(object? value)
    {
        if (value is null)
            return true;
        if (value is not IConvertible or string)
            return false;
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return double.IsFinite(number) && (OneOf.Count == 0 || OneOf.Contains(number))
            && (Type != typeof(int) || number == Math.Floor(number))
            && !(number < Least) && !(number <= Above) && !(number > Most) && !(number >= Below);
    }

    private static TrainingOption? OfProperty(PropertyInfo property)
    {
        if (property.GetCustomAttribute<TrainingOptionAttribute>() is not { } told)
            return null;
        static double? Bound(double value) => double.IsNaN(value) ? null : value;
        return new TrainingOption(JsonNamingPolicy.CamelCase.ConvertName(property.Name), told.Help,
            Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, property.GetValue(new TrainingOptions()))
        {
            Name = told.Name,
            Group = told.Group,
            Least = Bound(told.Least),
            Above = Bound(told.Above),
            Most = Bound(told.Most),
            Below = Bound(told.Below),
            OneOf = told.OneOf,
            Rule = told.Rule,
            Choice = told.Choice,
            CanChange = told.CanChange,
            DefaultText = told.Default,
            _property = property.GetValue,
        };
    }
}
