using System.CommandLine;

namespace GanOnnx.CommandLine;

/// <summary>
/// A verb of gan, told once: its name, what it does, its options in groups, examples, and what it runs. Parsing, help and
/// <c>docs/verbs</c> follow.
/// </summary>
public sealed class Verb : Command
{
    private readonly List<OptionGroup> _groups = [];

    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does, in a few words and without a full stop: <c>make images with a model</c>.</param>
    /// <param name="run">Runs it and returns one of <see cref="ExitCode"/>.</param>
    /// <param name="examples">What may be typed behind <c>gan</c> and the verb's name.</param>
    public Verb(string name, string description, Func<ParseResult, CancellationToken, int> run, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction((parsed, stop) => Task.FromResult(run(parsed, stop)));
    }

    /// <summary>What may be typed behind <c>gan</c> and the verb's name.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>The options under their headings; those added without one are in none.</summary>
    public IReadOnlyList<OptionGroup> Groups => _groups;

    /// <summary>Its help where that was written elsewhere, as for the verbs of another program; else null, and it is made from the
    /// rest.</summary>
    public string? Text { get; init; }

    /// <summary>Adds options that help shows together.</summary>
    public void Add(string heading, params IReadOnlyList<Option> options)
    {
        _groups.Add(new(heading, options));
        foreach (var option in options)
            Add(option);
    }
}

/// <summary>Options that help shows together.</summary>
public sealed record OptionGroup(string Heading, IReadOnlyList<Option> Options);
