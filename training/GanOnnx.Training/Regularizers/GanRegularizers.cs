using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>A regularizer of the catalog. Its function for a player is set, or for both, or the constraint's; none where it is a property
/// of layers.</summary>
/// <param name="Description">One line for people.</param>
/// <param name="Weight">Its paper's weight, or null where it has none.</param>
/// <param name="Every">Its paper's interval in steps.</param>
public sealed record Regularizer(string Description, double? Weight, int Every = 1)
{
    /// <summary>Builds a term of the discriminator's loss.</summary>
    public Func<IDiscriminatorRegularizer>? Discriminator { get; init; }

    /// <summary>Builds a term of the generator's loss, its state on a device.</summary>
    public Func<Device, IGeneratorRegularizer>? Generator { get; init; }

    /// <summary>Builds a constraint of the discriminator's weights from its limit.</summary>
    public Func<double, IWeightConstraint>? Constraint { get; init; }

    /// <summary>Whether it is a term of a loss, which has a weight and an interval.</summary>
    public bool IsPenalty => Discriminator is not null || Generator is not null;

    /// <summary>Whether it is a property of the discriminator's layers.</summary>
    internal bool IsLayer => !IsPenalty && Constraint is null;

    /// <summary>Whether it looks at each image's score alone, so that nothing in the discriminator may tie the images of a batch
    /// together.</summary>
    public bool NeedsIndependentImages { get; init; }

    /// <summary>Whether it is of a generator with intermediate latents.</summary>
    internal bool NeedsStyles { get; init; }

    /// <summary>Whether it is of images with sentences.</summary>
    internal bool NeedsText { get; init; }

    /// <summary>Whether it bounds the discriminator's slope, which the Wasserstein loss needs.</summary>
    public bool BoundsSlope { get; init; }
}

/// <summary>The regularizers by name.</summary>
public static class GanRegularizers
{
    private const string Clipping = "weight-clipping";

    /// <summary>What there is.</summary>
    internal static readonly Catalog<Regularizer> Catalog = new("regularizer")
    {
        ["r1"] = new("squared gradient at real images (Mescheder et al. 2018); 10/16 for StyleGAN2", 10)
        {
            Discriminator = () => new R1(),
            NeedsIndependentImages = true
        },
        ["r2"] = new("squared gradient at generated images (Mescheder et al. 2018)", 10)
        {
            Discriminator = () => new R2(),
            NeedsIndependentImages = true
        },
        ["gradient-penalty"] = new("distance of the slope to 1 between real and generated images (WGAN-GP, Gulrajani et al. 2017)", 10)
        {
            Discriminator = () => new GradientPenalty(),
            NeedsIndependentImages = true,
            BoundsSlope = true,
        },
        ["matching-aware"] = new("squared gradient at real images with their own sentences, for text (after DF-GAN, Tao et al. 2020)", 1)
        {
            Discriminator = () => new MatchingAware(),
            NeedsIndependentImages = true,
            NeedsText = true,
        },
        ["contrastive"] = new("an image's own sentence among those of its batch, of both players, for text (after XMC-GAN, Zhang et al. 2021)", 1)
        {
            Discriminator = () => new Contrastive(),
            Generator = _ => new Contrastive(),
            NeedsText = true,
        },
        ["consistency"] = new("same score for a mirrored and shifted real image (CR-GAN, Zhang et al. 2020)",
            10)
        { Discriminator = () => new Consistency() },
        ["path-length"] = new("even steps from intermediate latents to images; StyleGAN2 only (Karras et al. 2020)", 2, 4)
        {
            Generator = device => new PathLength(device),
            NeedsStyles = true,
        },
        ["mode-seeking"] = new("other images of other latents with the same label or sentence (MSGAN, Mao et al. 2019)", 1)
        {
            Generator = _ => new ModeSeeking(),
        },
        [Clipping] = new("the discriminator's weights stay within the limit (WGAN, Arjovsky et al. 2017)", 0.01)
        {
            Constraint = limit => new WeightClipping(limit),
            BoundsSlope = true,
        },
        ["spectral-norm"] = new("the discriminator's layers have slope 1 (SNGAN, Miyato et al. 2018)", null) { BoundsSlope = true },
    };

    // Clipped weights can't follow what these ask of them.
    private static readonly string[] _againstClipping = ["r1", "r2", "gradient-penalty", "spectral-norm"];

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    /// <summary>A regularizer in one line.</summary>
    /// <exception cref="KeyNotFoundException">There is no such regularizer.</exception>
    public static string Description(string name) => Catalog[name].Description;

    /// <summary>A regularizer with its paper's weight and interval, as options write it.</summary>
    /// <exception cref="TrainingException">There is no such regularizer.</exception>
    public static string Default(string name) => RegularizerSpec.Parse(name).ToString();

    /// <summary>Adds a regularizer of a program's own, which options can name from then on.</summary>
    /// <param name="name">Its name: small letters a to z, digits and hyphens.</param>
    /// <param name="regularizer">The regularizer.</param>
    /// <exception cref="ArgumentException">The name is taken or can't be one, or the regularizer has no function.</exception>
    public static void Register(string name, Regularizer regularizer)
    {
        ArgumentNullException.ThrowIfNull(regularizer);
        if (regularizer.IsLayer)
            throw new ArgumentException($"The regularizer '{name}' does nothing: set its Discriminator, Generator or Constraint.",
                nameof(regularizer));
        Catalog.Register(name, regularizer);
    }

    /// <summary>What is known of the regularizer of that name, or null.</summary>
    internal static Regularizer? Find(string name) => Catalog.Find(name);

    /// <summary>Why these can't be used together, a clause each; none where they can.</summary>
    internal static IReadOnlyList<string> Conflicts(IReadOnlyCollection<RegularizerSpec> specs)
    {
        var names = specs.Select(spec => spec.Name).ToArray();
        List<string> conflicts = [.. names.GroupBy(name => name).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key} is given {group.Count()} times")];
        if (names.Contains(Clipping))
            conflicts.AddRange(_againstClipping.Intersect(names).Select(name =>
                $"{Clipping} and {name} work against each other, so choose one: clipped weights are WGAN's only bound"));
        return conflicts;
    }
}
