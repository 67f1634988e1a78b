namespace GanOnnx.Training;

/// <summary>
/// All there is to tell of a training option, at its property of <see cref="TrainingOptions"/>: the command line, its help,
/// <c>gan train --list</c> and the rules of ranges follow from it.
/// </summary>
/// <param name="help">What it is, for people, without a period at the end.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TrainingOptionAttribute(string help) : Attribute
{
    /// <summary>What it is.</summary>
    public string Help { get; } = help;

    /// <summary>Its name on the command line, as <c>--width</c>. The default is null: only presets have it.</summary>
    public string? Name { get; init; }

    /// <summary>Under which heading help shows it. The default is <c>The data</c>.</summary>
    public string Group { get; init; } = "The data";

    /// <summary>The smallest number. The default is NaN: no such bound.</summary>
    public double Least { get; init; } = double.NaN;

    /// <summary>What a number is above. The default is NaN: no such bound.</summary>
    public double Above { get; init; } = double.NaN;

    /// <summary>The largest number. The default is NaN: no such bound.</summary>
    public double Most { get; init; } = double.NaN;

    /// <summary>What a number is below. The default is NaN: no such bound.</summary>
    public double Below { get; init; } = double.NaN;

    /// <summary>The numbers there are. The default is none: those of the bounds.</summary>
    public double[] OneOf { get; init; } = [];

    /// <summary>
    /// What messages say of a number out of range, with the lower bound as <c>{0}</c> and the upper one as <c>{1}</c>: <c>the width is {0}
    /// to {1}</c>.
    /// Options with the same sentence are told together. The default is null: the bounds are told in the help alone.
    /// </summary>
    public string? Rule { get; init; }

    /// <summary>What is chosen from: <c>architecture</c>, <c>loss</c> and so on. The default is null: nothing that has names.</summary>
    public string? Choice { get; init; }

    /// <summary>Whether a run that goes on may have another value than it began with. The default is false.</summary>
    public bool CanChange { get; init; }

    /// <summary>How help tells the default. The default is null: the property's own value.</summary>
    public string? Default { get; init; }
}
