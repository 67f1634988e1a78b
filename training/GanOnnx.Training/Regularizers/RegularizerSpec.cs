using System.Globalization;

namespace GanOnnx.Training.Regularizers;

/// <summary>A regularizer as options name it: <c>name</c>, <c>name:weight</c> or <c>name:weight/every</c>.</summary>
/// <param name="Name">A name of <see cref="GanRegularizers"/>.</param>
/// <param name="Weight">
/// What its penalty is multiplied by; the limit of the weights for weight-clipping; 0 for spectral-norm, which has none.
/// </param>
/// <param name="Every">It is applied on every how many steps, then with <see cref="Weight"/> times as much: 1 is always.</param>
internal sealed record RegularizerSpec(string Name, double Weight, int Every)
{
    /// <summary>What the catalog knows of it.</summary>
    public Regularizer Regularizer => GanRegularizers.Find(Name)!;

    /// <summary>Reads a specification; what it leaves out is its paper's.</summary>
    /// <exception cref="TrainingException">It can't be read; the message says what there is.</exception>
    public static RegularizerSpec Parse(string text) =>
        TryParse(text, out var spec, out var error) ? spec!
            : throw new TrainingException(char.ToUpperInvariant(error[0]) + error[1..] + ".");

    /// <summary>Reads a specification, or says in a clause why it can't be.</summary>
    public static bool TryParse(string text, out RegularizerSpec? spec, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        (spec, error) = Read(text);
        return spec is not null;
    }

    /// <summary>As it is written in options.</summary>
    public override string ToString()
    {
        if (Regularizer.Weight is null)
            return Name;
        var weight = Weight.ToString(CultureInfo.InvariantCulture);
        return Every == 1 && Regularizer.Every == 1 ? $"{Name}:{weight}" : $"{Name}:{weight}/{Every}";
    }

    private static (RegularizerSpec?, string) Read(string text)
    {
        var (name, numbers) = text.Split(':', 2) is [var before, var after] ? (before, after) : (text, null);
        if (GanRegularizers.Find(name) is not { } regularizer)
            return (null, $"there is no regularizer '{name}'; there are: {string.Join(", ", GanRegularizers.Names)}");
        if (numbers is null)
            return (new(name, regularizer.Weight ?? 0, regularizer.Every), "");
        if (regularizer.Weight is null)
            return (null, $"{name} has no weight, but '{text}' gives one");

        var (weight, every) = numbers.Split('/', 2) is [var w, var e] ? (w, e) : (numbers, null);
        if (!double.TryParse(weight, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value > 0)
            || !double.IsFinite(value))
            return (null, $"the weight of {name} is a number above 0, not '{weight}'");
        if (every is null)
            return (new(name, value, regularizer.Every), "");
        if (!regularizer.IsPenalty)
            return (null, $"{name} holds at every step, but '{text}' gives an interval");
        return int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var interval) && interval >= 1
            ? (new(name, value, interval), "")
            : (null, $"the interval of {name} is 1 or more steps, not '{every}'");
    }
}
