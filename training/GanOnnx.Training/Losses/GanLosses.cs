namespace GanOnnx.Training.Losses;

/// <summary>A loss of the catalog.</summary>
/// <param name="Description">One line for people.</param>
/// <param name="Create">Builds it for a label smoothing of 0 … 1; 0 where it doesn't support any.</param>
public sealed record GanLoss(string Description, Func<double, IGanLoss> Create)
{
    /// <summary>Whether scores are logits of probabilities, so that the real images' target can be lowered. The default is false.</summary>
    public bool SupportsLabelSmoothing { get; init; }

    /// <summary>Whether it is unbounded unless something bounds the discriminator's slope: see
    /// <see cref="Regularizers.Regularizer.BoundsSlope"/>. The default is false.</summary>
    public bool NeedsLipschitz { get; init; }
}

/// <summary>The losses by name.</summary>
public static class GanLosses
{
    /// <summary>What there is.</summary>
    internal static readonly Catalog<GanLoss> Catalog = new("loss")
    {
        ["non-saturating"] = new("cross-entropy; the generator raises log D(G(z)) (Goodfellow et al. 2014)",
            smoothing => new NonSaturatingLoss(smoothing))
        { SupportsLabelSmoothing = true },
        ["minimax"] = new("cross-entropy; the generator lowers log(1 - D(G(z))) and stalls where the discriminator wins (Goodfellow "
            + "et al. 2014)",
            smoothing => new MinimaxLoss(smoothing))
        { SupportsLabelSmoothing = true },
        ["least-squares"] = new("squared distance of the scores to 0 and 1 (LSGAN, Mao et al. 2017)", _ => new LeastSquaresLoss()),
        ["wasserstein"] = new("difference of the mean scores (WGAN, Arjovsky et al. 2017); needs weight-clipping, gradient-penalty or "
            + "spectral-norm",
            _ => new WassersteinLoss())
        { NeedsLipschitz = true },
        ["hinge"] = new("scores beyond 1 and -1 count no more (Lim and Ye 2017; SNGAN, SAGAN, BigGAN)", _ => new HingeLoss()),
        ["relativistic-average"] = new("cross-entropy of being more real than the average of the others (Jolicoeur-Martineau 2018)",
            _ => new RelativisticAverageLoss()),
        ["relativistic-pairing"] = new("cross-entropy of being more real than the image it is paired with (Jolicoeur-Martineau 2018; R3GAN "
            + "2024 with r1 and r2)", _ => new RelativisticPairingLoss()),
    };

    /// <summary>The names, in the order they are listed to people.</summary>
    public static IReadOnlyList<string> Names => Catalog.Names;

    /// <summary>A loss in one line.</summary>
    /// <exception cref="KeyNotFoundException">There is no such loss.</exception>
    public static string Description(string name) => Catalog[name].Description;

    /// <summary>Adds a loss of a program's own, which options can name from then on.</summary>
    /// <param name="name">Its name: small letters a to z, digits and hyphens.</param>
    /// <param name="loss">The loss.</param>
    /// <exception cref="ArgumentException">The name is taken, or can't be one.</exception>
    public static void Register(string name, GanLoss loss) => Catalog.Register(name, loss);

    /// <summary>What is known of the loss of that name, or null.</summary>
    internal static GanLoss? Find(string name) => Catalog.Find(name);

    /// <summary>The loss of that name, or null.</summary>
    /// <param name="name">A name of <see cref="Names"/>.</param>
    /// <param name="labelSmoothing">How far below 1 the target of real images is, 0 to below 1.</param>
    /// <exception cref="ArgumentException">The loss has no probabilities to smooth, or the smoothing is out of range.</exception>
    internal static IGanLoss? Create(string name, double labelSmoothing = 0)
    {
        if (labelSmoothing is not (>= 0 and < 1))
            throw new ArgumentException($"Label smoothing is 0 to below 1, not {labelSmoothing}.", nameof(labelSmoothing));
        if (Find(name) is not { } loss)
            return null;
        return labelSmoothing == 0 || loss.SupportsLabelSmoothing
            ? loss.Create(labelSmoothing)
            : throw new ArgumentException($"The loss {name} has no label smoothing: its scores are no probabilities.",
                nameof(labelSmoothing));
    }
}
