using System.Globalization;
using static System.FormattableString;

namespace GanOnnx.Training.Monitoring;

/// <summary>
/// Notices the ways a GAN's training fails by the figures of its ticks: a discriminator that wins or has given up, mode
/// collapse, gradients that explode or vanish, losses that run away or stand still.
/// </summary>
/// <remarks>
/// I. Goodfellow: "NIPS 2016 Tutorial: Generative Adversarial Networks", https://arxiv.org/abs/1701.00160, sections 3.2.3
/// and 5; M. Arjovsky, L. Bottou: "Towards Principled Methods for Training Generative Adversarial Networks",
/// https://arxiv.org/abs/1701.04862. The thresholds are ours.
/// </remarks>
/// <param name="dataDeviation">
/// How much the real images differ, measured like <see cref="Figures.SampleDeviation"/>; 0 where it isn't known.
/// </param>
internal sealed class TrainingHealth(double dataDeviation)
{
    // A generator begins with images that are all alike and easily told from real ones; that is no failure yet.
    private const long TooEarlyToTell = 50_000;

    // A single tick proves little; what lasts is told once, then again at this many ticks' distance.
    private const int Lasting = 3, Longer = 5, Reminder = 10, Remembered = 256;

    // Whether a loss runs away is seen against as many ticks before.
    private const int MostNeeded = 2 * Longer;

    // Below this absolute deviation images look the same to people.
    private const double NearlyEqual = 0.02;

    // Of samples whose features were measured: less of the real images' variety than that, at two ticks in a row, or as many
    // near-duplicates, at three, as they come and go; and from when on. Variety that still grows is a run that has hardly begun, and early
    // it has to be plainer.
    private const double LeastVariety = 0.45, LeastEarlyVariety = 0.4, MostDuplicates = 0.5, MostEarlyDuplicates = 0.9, Growth = 1.1;
    private const long VarietyTells = 15_000;

    // Of images made of images, at five ticks in a row, after the first.
    private const double Unchanged = 0.05, Alike = 0.1, Inverted = -0.5, Checkered = 10;

    // A distance that lies that far above the best one, at three evaluations in a row.
    private const double Risen = 1.3;

    // r_v of a discriminator that knows its images by heart, and from when on it means something: before, nothing is told apart yet.
    private const double KnownByHeart = 0.9;
    private const long OverfittingTells = 10_000;

    private readonly List<Tick> _ticks = [];
    private readonly Dictionary<string, int> _lastWarning = [];
    private int _examined;

    /// <summary>From how many thousand images on the figures can show every failure that is looked for; null where that is reached, and
    /// no warning means that nothing was found.</summary>
    /// <param name="ticks">A run's ticks, oldest first.</param>
    public static long? TellsFrom(IReadOnlyList<Tick> ticks)
    {
        if (ticks.Count == 0)
            return Tick.ToKimg(TooEarlyToTell);
        var missing = Math.Max(MostNeeded - ticks.Count, Longer - ticks.Count(tick => tick.Images >= TooEarlyToTell));
        if (missing <= 0)
            return null;
        var perTick = Math.Max(1, (ticks[^1].Images - ticks[0].Images) / Math.Max(1, ticks.Count - 1));
        if (ticks.Count == 1)
            perTick = Math.Max(1, ticks[0].Images);
        // The first tick at which it isn't too early any more, and those that must follow it.
        var before = Math.Max(0, (TooEarlyToTell - ticks[^1].Images + perTick - 1) / perTick);
        var toCome = before > 0 ? Math.Max(MostNeeded - ticks.Count, before + Longer - 1) : missing;
        return Tick.ToKimg(ticks[^1].Images + toCome * perTick);
    }

    /// <summary>Takes in the ticks of a run that goes on, oldest first, as if they had been examined one by one.</summary>
    public void Recall(IEnumerable<Tick> ticks)
    {
        foreach (var tick in ticks)
            Examine(tick);
    }

    /// <summary>Takes in a tick.</summary>
    /// <returns>What looks wrong now and wasn't told lately: a few words, a colon, what was seen, what it means, what to try.</returns>
    public IReadOnlyList<string> Examine(Tick tick)
    {
        _examined++;
        _ticks.Add(tick);
        if (_ticks.Count > Remembered)
            _ticks.RemoveAt(0);
        return [.. (tick.Images < TooEarlyToTell ? EarlyFindings() : Findings(tick)).Concat(OfImagesFromImages(tick)).Where(IsNews)];
    }

    private bool IsNews(string finding)
    {
        var kind = finding[..finding.IndexOf(':', StringComparison.Ordinal)];
        if (_lastWarning.TryGetValue(kind, out var last) && _examined - last < Reminder)
            return false;
        _lastWarning[kind] = _examined;
        return true;
    }

    // Images made of images are wrong in ways that can be seen from the first thousands on: they needn't become pictures first.
    private IEnumerable<string> OfImagesFromImages(Tick tick)
    {
        bool For(Figure figure, Func<double, bool> holds) => _ticks.Count > Longer && _ticks.TakeLast(Longer).All(t =>
            t[figure] is { } value && holds(value));
        if (For(TranslationFigures.Change, change => change < Unchanged))
            yield return Invariant($"Input returned: outputs differ from their inputs {tick[TranslationFigures.Change]:0.00} times as much as real images of the kind wanted do. The generator gives back what it gets. Try a lower identity weight or cycle weight, or a discriminator that sees smaller patches.");
        if (For(TranslationFigures.Difference, difference => difference < Alike))
            yield return Invariant($"Outputs alike: they differ from each other {tick[TranslationFigures.Difference]:0.00} times as much as real images do. The generator doesn't look at its input. Try a higher pixel weight, or a lower learning rate.");
        if (For(TranslationFigures.Correlation, correlation => correlation < Inverted))
            yield return Invariant($"Inverted: the correlation of outputs with what they should be like is {tick[TranslationFigures.Correlation]:0.00}. Light and dark are exchanged, which a cycle can undo. Begin again with another seed, or a higher identity weight.");
        if (For(TranslationFigures.Checkerboard, times => times > Checkered))
            yield return Invariant($"Checkerboard: outputs have {tick[TranslationFigures.Checkerboard]:0.0} times the power of real images at periods of 2 or 4 pixels. Transposed convolutions leave such a pattern where training is short. Go on, or begin again with --resize-convolution 1.");
    }

    // Without a gradient nothing will change any more, however early it is.
    private IEnumerable<string> EarlyFindings() =>
        ((string?[])[AlikeInFeatures(), Overfits(), IsNeverWrong(), NoGradients("discriminator", Figures.DiscriminatorGradientNorm),
            NoGradients("generator", Figures.GeneratorGradientNorm)]).OfType<string>();

    private IEnumerable<string> Findings(Tick tick)
    {
        string?[] findings =
        [
            DiscriminatorWins(tick),
            DiscriminatorIsLost(tick),
            tick[Figures.Variety] is null ? Collapse(tick) : AlikeInFeatures(),
            DistanceRises(),
            Overfits(),
            Gradients("discriminator", Figures.DiscriminatorGradientNorm),
            Gradients("generator", Figures.GeneratorGradientNorm),
            RunsAway("discriminator", Figures.DiscriminatorLoss),
            RunsAway("generator", Figures.GeneratorLoss),
            StandsStill(),
        ];
        return findings.OfType<string>();
    }

    private string? DiscriminatorWins(Tick tick)
    {
        if (!ScoresAreLogits(tick))
            return Lately(t => Math.Abs(Value(t, Figures.DiscriminatorLoss)) < 0.01 && Gap(t) > 0.5)
                ? Invariant($"Discriminator wins: its loss is {Value(tick, Figures.DiscriminatorLoss):0.0000} at scores of {tick[Figures.RealScore]:0.00} for real and {tick[Figures.FakeScore]:0.00} for generated images. It tells all of them apart and learns nothing more, so neither does the generator. Try a regularizer (R1, spectral norm), a lower discriminator learning rate, or augmentation if there are few images.")
                : null;
        if (!Lately(t => Value(t, Figures.RealProbability) > 0.98 && Value(t, Figures.FakeProbability) < 0.02))
            return null;
        var seen = Invariant($"D(x) is {Value(tick, Figures.RealProbability):0.000} and D(G(z)) {Value(tick, Figures.FakeProbability):0.000} for {Lasting} ticks");
        // Only the minimax loss, log(1 − D(G(z))), goes to zero where the generator fails.
        return Math.Abs(Value(tick, Figures.GeneratorLoss)) < 0.02
            ? Invariant($"Generator's loss is saturated: {seen} and the generator's loss {Value(tick, Figures.GeneratorLoss):0.0000}. The minimax loss is flat where the discriminator is sure, so the generator gets hardly any gradient. Try the non-saturating loss.")
            : $"Discriminator wins: {seen}. It is nearly always right, so the generator gets little to learn from. Try R1, a lower "
                + "discriminator learning rate, label smoothing, or augmentation if there are few images.";
    }

    // So sure, and so early, that nothing comes of it: it learns far faster than the generator.
    private string? IsNeverWrong() =>
        _ticks.Count >= Lasting && _ticks.TakeLast(Lasting).All(t => t.Images >= VarietyTells && ScoresAreLogits(t)
            && Value(t, Figures.RealProbability) > 0.995 && Value(t, Figures.FakeProbability) < 0.005)
            ? Invariant($"Discriminator wins: D(x) is {Value(_ticks[^1], Figures.RealProbability):0.000} and D(G(z)) {Value(_ticks[^1], Figures.FakeProbability):0.000} for {Lasting} ticks. It is never wrong, so the generator gets nothing to learn from. Try fewer of its steps, a lower discriminator learning rate, or R1.")
            : null;

    private string? DiscriminatorIsLost(Tick tick)
    {
        var lost = ScoresAreLogits(tick)
            ? Lately(t => Math.Abs(Value(t, Figures.RealProbability) - Value(t, Figures.FakeProbability)) < 0.01, Longer)
            : Lately(t => Math.Abs(Gap(t)) < 1e-3, Longer);
        if (!lost)
            return null;
        var seen = ScoresAreLogits(tick)
            ? Invariant($"D(x) is {Value(tick, Figures.RealProbability):0.000} and D(G(z)) {Value(tick, Figures.FakeProbability):0.000}")
            : Invariant($"the scores are {tick[Figures.RealScore]:0.0000} for real and {tick[Figures.FakeScore]:0.0000} for generated images");
        return $"Discriminator can't tell: {seen} for {Longer} ticks. A discriminator that sees no difference gives the generator no direction, "
            + "so the images stay as they are. Try a higher discriminator learning rate, wider networks, or less regularization "
            + "and augmentation.";
    }

    private string? Collapse(Tick tick)
    {
        if (Lately(t => Value(t, Figures.SampleDeviation) < Math.Max(NearlyEqual, 0.4 * dataDeviation), 2))
            return Invariant($"Mode collapse: the generated images differ by {Value(tick, Figures.SampleDeviation):0.000}{(dataDeviation > 0 ? Invariant($", the real ones by {dataDeviation:0.000}") : "")}. The generator makes nearly the same image of every latent. Start a new run with a lower learning rate, minibatch discrimination or another loss (hinge, WGAN-GP).");
        if (_ticks.Count < 6)
            return null;
        var before = Median(_ticks.SkipLast(1).TakeLast(5).Select(t => Value(t, Figures.SampleDeviation)));
        var fell = Value(tick, Figures.SampleDeviation) < 0.6 * before
            && (dataDeviation <= 0 || Value(tick, Figures.SampleDeviation) < 0.7 * dataDeviation);
        return fell
            ? Invariant($"Variety falls: the generated images differ by {Value(tick, Figures.SampleDeviation):0.000}, {before:0.000} in the ticks before. The generator may be about to collapse to a few images. Look at the samples; if they are alike, start a new run with a lower learning rate.")
            : null;
    }

    // Pixels hide it: pose, background and classes make up most of what differs there.
    private string? AlikeInFeatures()
    {
        var measured = _ticks.Where(t => t[Figures.Variety] is not null).TakeLast(Lasting + 1).ToArray();
        if (measured.Length < 2 || measured[^1].Images < VarietyTells || measured[^1] != _ticks[^1])
            return null;
        double Least(Tick tick) => Math.Min(Value(tick, Figures.Variety), tick[Figures.VarietyInClasses] ?? 1);
        var (now, first) = (Least(measured[^1]), Least(measured[0]));
        if (now >= Growth * first)
            return null;
        var duplicates = Value(measured[^1], Figures.NearDuplicates);
        var seen = measured.TakeLast(2).All(t => Least(t) < (t.Images < TooEarlyToTell ? LeastEarlyVariety : LeastVariety))
            ? now < Value(measured[^1], Figures.Variety)
                ? Invariant($"by their features the samples of a class differ {now:0.00} times as much as real images of it do")
                : Invariant($"by their features the samples differ {now:0.00} times as much as real images do")
            : measured.Length >= Lasting && measured.TakeLast(Lasting).All(t =>
                Value(t, Figures.NearDuplicates) > (t.Images < TooEarlyToTell ? MostEarlyDuplicates : MostDuplicates))
                ? Invariant($"{100 * duplicates:0} % of the samples have another one that is nearer than any two of as many real images are")
                : null;
        return seen is null ? null : $"Mode collapse: {seen}, and that doesn't change. The generator makes few images again and again. {Remedy}";
    }

    private const string Remedy = "Try a snapshot from before it with a lower learning rate, R1 with augmentation (diff), or another loss (hinge, "
        + "WGAN-GP).";

    private string? DistanceRises()
    {
        var distances = _ticks.Where(t => t[Figure.Extra("fd")] is not null).Select(t => (t.Kimg, Value: Value(t, Figure.Extra("fd")))).ToArray();
        if (distances.Length < Lasting + 1 || _ticks[^1][Figure.Extra("fd")] is null)
            return null;
        var best = distances.MinBy(d => d.Value);
        return distances.TakeLast(Lasting).All(d => d.Value > Risen * best.Value)
            ? Invariant($"Distance rises: the Fréchet distance is {Short(distances[^1].Value)}, and was {Short(best.Value)} at {best.Kimg} kimg. The images get worse; the best snapshot is kept. Try a lower learning rate from there, or R1.")
            : null;
    }

    private string? Overfits()
    {
        var last = _ticks.TakeLast(Lasting).ToArray();
        if (last.Length < Lasting || !last.All(t => t.Images >= OverfittingTells && Value(t, Figures.Overfitting) > KnownByHeart))
            return null;
        var remedy = last[^1][Figures.AugmentationProbability] is null ? "Try augmentation (ada or diff), or more images."
            : "Augmentation works against it already. Try R1, narrower networks, or more images.";
        return Invariant($"Overfitting: r_v is {last[^1][Figures.Overfitting]:0.00}, above {KnownByHeart:0.0} for {Lasting} ticks. The discriminator knows the images trained on by heart and takes real ones that it isn't trained on for generated ones, so what it tells the generator is of little use. {remedy}");
    }

    /// <summary>Whether a warning tells that going on leads nowhere.</summary>
    public static bool IsFailure(string warning) => _failures.Any(kind => warning.StartsWith(kind, StringComparison.Ordinal));

    private static readonly string[] _failures =
        ["Mode collapse", "Discriminator wins", "Distance rises", "Gradients of", "Loss of the", "Training stands still"];

    private string? NoGradients(string player, Figure norm) =>
        _ticks.Count >= Lasting && _ticks.TakeLast(Lasting).All(t => t[norm] < 1e-7)
            ? Vanish(player, $"{Short(Value(_ticks[^1], norm))} for {Lasting} ticks")
            : null;

    private string? Gradients(string player, Figure norm)
    {
        if (NoGradients(player, norm) is { } none)
            return none;
        var norms = _ticks.Select(t => t[norm]).OfType<double>().ToArray();
        if (norms.Length < 6 || _ticks[^1][norm] is not { } now)
            return null;
        var usual = Median(norms.SkipLast(Lasting));
        if (!(now <= 20 * usual) && usual > 0)
            return $"Gradients of the {player} explode: their norm is {Short(now)}, usually {Short(usual)}. Such a step throws the "
                + "weights far off. Try a lower learning rate, gradient clipping or a gradient penalty.";
        return norms.TakeLast(Lasting).All(n => n < 1e-3 * usual) ? Vanish(player, $"{Short(now)}, usually {Short(usual)}") : null;
    }

    private static string Vanish(string player, string norm) =>
        $"Gradients of the {player} vanish: their norm is {norm}. The {player} stands still. Try another loss (non-saturating, hinge, "
            + "WGAN-GP), or start a new run with a lower learning rate.";

    private string? RunsAway(string player, Figure loss)
    {
        var sizes = _ticks.Select(t => Math.Abs(Value(t, loss))).ToArray();
        if (sizes.Length < MostNeeded)
            return null;
        var usual = Median(sizes.SkipLast(Longer));
        var last = sizes.TakeLast(Longer).ToArray();
        var rises = last.Zip(last.Skip(1)).All(pair => pair.Second > pair.First);
        return rises && last[^1] > 10 && last[^1] > 10 * usual
            ? $"Loss of the {player} runs away: it is {Short(Value(_ticks[^1], loss))} after {Longer} rising ticks, {Short(usual)} in "
                + "size before. The players no longer balance and the figures will soon be no numbers. Try a lower learning rate, a "
                + "gradient penalty or R1, or gradient clipping."
            : null;
    }

    private string? StandsStill()
    {
        bool Flat(Figure figure)
        {
            var values = _ticks.TakeLast(Longer).Select(t => Value(t, figure)).ToArray();
            return values.Max() - values.Min() <= 1e-4 * values.Max(Math.Abs);
        }

        return _ticks.Count >= Longer && Flat(Figures.DiscriminatorLoss) && Flat(Figures.GeneratorLoss) && Flat(Figures.SampleDeviation)
            ? Invariant($"Training stands still: both losses and the samples' deviation ({Value(_ticks[^1], Figures.SampleDeviation):0.000}) are the same for {Longer} ticks. Nothing is learnt any more. Start a new run with a lower learning rate or another loss; if a schedule has brought the rate to zero, training is over.")
            : null;
    }

    private bool Lately(Func<Tick, bool> holds, int ticks = Lasting) =>
        _ticks.Count >= ticks && _ticks.TakeLast(ticks).All(t => t.Images >= TooEarlyToTell && holds(t));

    // No threshold holds for what wasn't measured.
    private static double Value(Tick tick, Figure figure) => tick[figure] ?? double.NaN;

    private static bool ScoresAreLogits(Tick tick) => tick[Figures.RealScore] is null;

    private static double Gap(Tick tick) => Value(tick, Figures.RealScore) - Value(tick, Figures.FakeScore);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static string Short(double value) => Math.Abs(value) is 0 or (>= 0.01 and < 10_000)
        ? value.ToString("0.##", CultureInfo.InvariantCulture)
        : value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
