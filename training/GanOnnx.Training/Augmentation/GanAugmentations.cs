using static TorchSharp.torch;

namespace GanOnnx.Training.Augmentation;

/// <summary>An augmentation of the catalog.</summary>
/// <param name="Description">One line for people.</param>
/// <param name="Read">
/// From what is written after the name (null without it) to what builds it; throws a <see cref="FormatException"/> with a
/// clause. Null for what belongs to the loading of real images, as <c>flip</c>.
/// </param>
public sealed record AugmentationKind(string Description, Func<string?, Func<Device, IAugmentation>>? Read)
{
    /// <summary>Whether it depends on how much of the training is done, so that a run with it can't be made longer. The default is
    /// false.</summary>
    public bool DependsOnLength { get; init; }
}

/// <summary>The augmentations by name.</summary>
public static class GanAugmentations
{
    private const string Adaptive = "ada", Differentiable = "diff";

    /// <summary>What there is.</summary>
    internal static readonly Catalog<AugmentationKind> Catalog = new("augmentation")
    {
        ["flip"] = new("mirrors half of the real images left to right, so the generator learns both sides", null),
        ["crop"] = new("decodes real images larger, 286 for 256, and cuts each somewhere else every time (jitter, Isola et al. 2016)", null),
        [Differentiable] = new("differentiable augmentation; diff:color+translation+cutout is all of it (Zhao et al. 2020)",
            DifferentiableAugmentation.Read),
        [Adaptive] = new("adaptive discriminator augmentation for small data sets; ada:0.6 is its target (Karras et al. 2020)",
            AdaptiveAugmentation.Read),
        ["instance-noise"] = new("noise that fades until the end; instance-noise:0.1 is its first standard deviation (Sonderby "
            + "et al. 2017)", InstanceNoise.Read)
        { DependsOnLength = true },
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    /// <summary>An augmentation in one line.</summary>
    /// <exception cref="KeyNotFoundException">There is no such augmentation.</exception>
    public static string Description(string name) => Catalog[name].Description;

    /// <summary>Adds an augmentation of a program's own, which options can name from then on.</summary>
    /// <param name="name">Its name: small letters a to z, digits and hyphens.</param>
    /// <param name="augmentation">The augmentation.</param>
    /// <exception cref="ArgumentException">The name is taken or can't be one, or nothing builds the augmentation.</exception>
    public static void Register(string name, AugmentationKind augmentation)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        if (augmentation.Read is null)
            throw new ArgumentException($"The augmentation '{name}' does nothing: give it what builds it.", nameof(augmentation));
        Catalog.Register(name, augmentation);
    }

    /// <summary>What is known of the augmentation of that name, or null.</summary>
    internal static AugmentationKind? Find(string name) => Catalog.Find(name);

    /// <summary>Why these can't be used together, a clause each; none where they can.</summary>
    internal static IReadOnlyList<string> Conflicts(IReadOnlyCollection<AugmentationSpec> specs)
    {
        var names = specs.Select(spec => spec.Name).ToArray();
        List<string> conflicts = [.. names.GroupBy(name => name).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key} is given {group.Count()} times")];
        if (names.Contains(Adaptive) && names.Contains(Differentiable))
            conflicts.Add($"{Differentiable} and {Adaptive} do the same work, so choose one");
        return conflicts;
    }

    /// <summary>What these do between the images and the discriminator, in the order given; null where nothing.</summary>
    internal static IAugmentation? Create(IEnumerable<AugmentationSpec> specs, Device device)
    {
        (string, IAugmentation)[] links =
            [.. specs.Where(spec => spec.Create is not null).Select(spec => (spec.Name, spec.Create!(device)))];
        return links.Length == 0 ? null : new AugmentationChain(links);
    }
}
