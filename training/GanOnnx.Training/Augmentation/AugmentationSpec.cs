using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>An augmentation as options name it: <c>name</c> or <c>name:argument</c>.</summary>
/// <param name="Name">A name of <see cref="GanAugmentations"/>.</param>
/// <param name="Create">Builds it on the images' device; null where it belongs to the loading of real images.</param>
internal sealed record AugmentationSpec(string Name, Func<Device, IAugmentation>? Create)
{
    /// <summary>Reads a specification.</summary>
    /// <exception cref="TrainingException">It can't be read; the message says what there is.</exception>
    public static AugmentationSpec Parse(string text) =>
        TryParse(text, out var spec, out var error) ? spec!
            : throw new TrainingException(char.ToUpperInvariant(error[0]) + error[1..] + ".");

    /// <summary>Reads a specification, or says in a clause why it can't be.</summary>
    public static bool TryParse(string text, out AugmentationSpec? spec, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        (spec, error) = Read(text);
        return spec is not null;
    }

    private static (AugmentationSpec?, string) Read(string text)
    {
        var (name, argument) = text.Split(':', 2) is [var before, var after] ? (before, after) : (text, null);
        if (GanAugmentations.Find(name) is not { } kind)
            return (null, $"there is no augmentation '{name}'; there are: {string.Join(", ", GanAugmentations.Names)}");
        if (kind.Read is null)
            return argument is null ? (new(name, null), "") : (null, $"{name} takes no argument, but '{text}' gives one");
        try
        {
            return (new(name, kind.Read(argument)), "");
        }
        catch (FormatException error)
        {
            return (null, error.Message);
        }
    }
}
