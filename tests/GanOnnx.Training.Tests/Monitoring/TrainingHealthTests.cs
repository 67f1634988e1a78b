using GanOnnx.Training.Monitoring;

namespace GanOnnx.Training.Tests.Monitoring;

public sealed partial class TrainingHealthTests
{
    private static readonly Tick _healthy = Ticks.Of(0, 0, [],
        (Figures.ImagesPerSecond, 100), (Figures.DiscriminatorLoss, 0.8), (Figures.GeneratorLoss, 1.5),
        (Figures.RealProbability, 0.8), (Figures.FakeProbability, 0.2), (Figures.SampleDeviation, 0.45));

    [Test]
    public void A_healthy_run_gets_no_warning() => Assert.That(Heads(Run(12, i => Noisy(i))), Is.Empty);

    [Test]
    public void A_generator_that_has_hardly_begun_gets_no_warning() =>
        Assert.That(Heads(Run(12, _ =>
            _healthy.With((Figures.RealProbability, 1), (Figures.FakeProbability, 0), (Figures.SampleDeviation, 0)), imagesPerTick: 1000)),
            Is.Empty);

    [Test]
    public void Lasting_certainty_is_told_once_in_ten_ticks() =>
        Assert.That(Heads(Run(12, i => Noisy(i).With((Figures.RealProbability, 0.999), (Figures.FakeProbability, 0.001)))),
            Is.EqualTo(["Discriminator wins"]));

    // gan train --data fashion-mnist --config dcgan --width 16 --d-steps 5 --d-lr 0.002 --lr 0.00005 --tick 5: so it was from the second
    // tick on.
    [Test]
    public void A_discriminator_that_is_never_wrong_is_told_before_most_can_be()
    {
        var health = new TrainingHealth(0.5);
        var told = Enumerable.Range(0, 8).Select(i => health.Examine(Numbered(i,
            Noisy(i).With((Figures.RealProbability, 0.9999), (Figures.FakeProbability, 0.0001)), 5000)).Count).ToArray();
        Assert.That(told, Is.EqualTo([0, 0, 0, 0, 1, 0, 0, 0]), "at 25 kimg: three ticks, from 15 kimg on");
    }

    [Test]
    public void A_flat_minimax_loss_is_called_saturated() =>
        Assert.That(Heads(Run(9, i => Noisy(i)
            .With((Figures.RealProbability, 0.999), (Figures.FakeProbability, 0.001), (Figures.GeneratorLoss, -0.001 * i)))),
            Is.EqualTo(["Generator's loss is saturated"]));

    [Test]
    public void Scores_that_are_no_logits_are_not_read_as_probabilities() =>
        Assert.That(Heads(Run(12, i =>
            Noisy(i).With((Figures.RealProbability, 1), (Figures.FakeProbability, 0), (Figures.RealScore, 30), (Figures.FakeScore, -30)))),
            Is.Empty);

    [Test]
    public void Samples_far_less_varied_than_the_data_are_a_collapse() =>
        Assert.That(Heads(Run(9, i => Noisy(i).With((Figures.SampleDeviation, 0.1 + 0.001 * i)))), Is.EqualTo(["Mode collapse"]));

    [Test]
    public void Gradients_many_times_the_usual_explode() =>
        Assert.That(Heads(Run(9, i => Noisy(i).With((Figures.GeneratorGradientNorm, i == 8 ? 100 : 1)))),
            Is.EqualTo(["Gradients of the generator explode"]));

    [Test]
    public void Gradients_a_thousandth_of_the_usual_vanish() =>
        Assert.That(Heads(Run(12, i => Noisy(i).With((Figures.GeneratorGradientNorm, i < 9 ? 1 : 5e-4)))),
            Is.EqualTo(["Gradients of the generator vanish"]));

    [Test]
    public void A_player_without_gradients_is_told_of_at_the_third_tick()
    {
        var health = new TrainingHealth(0.5);
        var told = Enumerable.Range(0, 4)
            .Select(i => health.Examine(Numbered(i,
            Noisy(i).With((Figures.DiscriminatorGradientNorm, 0), (Figures.GeneratorGradientNorm, 1)), 1000))).ToArray();
        Assert.That(told.Select(t => t.Count), Is.EqualTo([0, 0, 1, 0]));
        Assert.That(told[2].Single(), Does.StartWith("Gradients of the discriminator vanish: their norm is 0 for 3 ticks."));
    }

    [Test]
    public void A_run_that_goes_on_knows_what_was_told_before()
    {
        var ticks = Enumerable.Range(0, 12).Select(i => Numbered(i, Noisy(i).With((Figures.SampleDeviation, 0.1 + 0.001 * i)), 20_000))
            .ToArray();
        var health = new TrainingHealth(0.5);
        health.Recall(ticks[..8]);
        Assert.That(ticks[8..].SelectMany(health.Examine), Is.Empty);
    }

    [Test]
    public void Classes_of_one_picture_each_are_a_collapse_however_much_pixels_differ()
    {
        var told = Run(8, i => Noisy(i).With((Figures.Variety, 0.9), (Figures.VarietyInClasses, i < 3 ? 0.7 : 0.1)), imagesPerTick: 10_000);
        Assert.That(Heads(told), Is.EqualTo(["Mode collapse"]));
        Assert.That(told[0], Does.Contain("the samples of a class differ 0.10 times as much as real images of it do"));
    }

    // gan train --data lpc-characters-train.zip --config cgan --size 64 --width 32 --channels 3 --tick 5, as measured: from 15 kimg on
    // every
    // view shows one character, while pixels differ more and more.
    [Test]
    public void The_pixel_characters_that_collapsed_unnoticed_are_told()
    {
        (double OverAll, double InClasses, double Pixels)[] measured =
            [(0.24, 0.25, 0.051), (0.37, 0.37, 0.051), (0.49, 0.38, 0.063), (0.53, 0.36, 0.092), (0.49, 0.35, 0.111), (0.65, 0.36, 0.111)];
        var health = new TrainingHealth(0.19);
        var told = measured.Select((m, i) => health.Examine(Numbered(i, Noisy(i).With((Figures.Variety, m.OverAll),
            (Figures.VarietyInClasses, m.InClasses), (Figures.NearDuplicates, 1), (Figures.SampleDeviation, m.Pixels)), 5000)).Count)
                .ToArray();
        Assert.That(told, Is.EqualTo([0, 0, 0, 0, 1, 0]), "at 25 kimg, at the third tick of 5 kimg of it");
    }

    // gan train --data fashion-mnist --config dcgan --tick 5, as measured.
    [Test]
    public void Garments_that_get_on_are_not_accused() =>
        Assert.That(Run(10, i => Noisy(i).With((Figures.Variety, i == 0 ? 0.68 : 0.65), (Figures.NearDuplicates, 0.06)),
            imagesPerTick: 5000), Is.Empty);

    // gan train --data fashion-mnist --config gan --kimg 200, as measured with seeds 1 and 3: a slow beginning, and no collapse.
    [TestCaseSource(nameof(SlowBeginnings))]
    public void Fully_connected_networks_that_begin_slowly_are_not_accused((double Variety, double Duplicates)[] measured) =>
        Assert.That(Run(measured.Length, i => Noisy(i).With((Figures.Variety, measured[i].Variety),
            (Figures.NearDuplicates, measured[i].Duplicates)), imagesPerTick: 10_000), Is.Empty);

    private static IEnumerable<TestCaseData> SlowBeginnings()
    {
        (double, double)[] first =
        [
            (0.52, 0.36), (0.48, 0.72), (0.44, 0.83), (0.5, 0.67), (0.6, 0.47), (0.69, 0.23), (0.69, 0.31), (0.7, 0.28),
            (0.69, 0.3), (0.7, 0.28), (0.72, 0.31), (0.72, 0.14), (0.76, 0.17), (0.75, 0.19), (0.79, 0.19), (0.78, 0.19),
            (0.78, 0.14), (0.78, 0.2), (0.78, 0.12), (0.77, 0.19)
        ], third =
        [
            (0.48, 0.56), (0.43, 0.89), (0.43, 0.78), (0.43, 0.91), (0.55, 0.66), (0.61, 0.42), (0.6, 0.41), (0.62, 0.34),
            (0.65, 0.31), (0.65, 0.23), (0.66, 0.25), (0.68, 0.28), (0.7, 0.22), (0.71, 0.27), (0.74, 0.25), (0.73, 0.25),
            (0.75, 0.22), (0.74, 0.22), (0.74, 0.25), (0.77, 0.27)
        ];
        yield return new TestCaseData(first) { TestName = "seed 1" };
        yield return new TestCaseData(third) { TestName = "seed 3" };
    }

    [TestCase(3, Description = "it begins at 40,000 images, before most can be told")]
    public void A_collapse_is_told_at_the_second_tick_of_it(int begins)
    {
        var health = new TrainingHealth(0.5);
        var told = Enumerable.Range(0, 8).Select(i => health.Examine(Numbered(i,
            Noisy(i).With((Figures.Variety, i < begins ? 0.8 : 0.2)), 10_000)).Count).ToArray();
        Assert.That(told, Is.EqualTo(Enumerable.Range(0, 8).Select(i => i == begins + 1 ? 1 : 0)));
    }

    [Test]
    public void Variety_that_still_grows_is_no_collapse() =>
        Assert.That(Run(12, i => Noisy(i)
            .With((Figures.Variety, 0.1 * Math.Pow(1.15, i)), (Figures.NearDuplicates, 1), (Figures.SampleDeviation, 0.03)),
            imagesPerTick: 10_000), Is.Empty);

    // Pixels differ little where all real pictures are alike as well.
    [Test]
    public void Data_that_is_alike_is_not_accused() =>
        Assert.That(Run(12, i => Noisy(i).With((Figures.Variety, 0.9), (Figures.VarietyInClasses, 0.8), (Figures.SampleDeviation, 0.01))),
            Is.Empty);

    [Test]
    public void Few_images_made_again_and_again_are_a_collapse() =>
        Assert.That(Heads(Run(12, i => Noisy(i).With((Figures.Variety, 0.9), (Figures.NearDuplicates, i < 6 ? 0.02 : 0.8)),
            imagesPerTick: 10_000)),
            Is.EqualTo(["Mode collapse"]));

    // The pixel characters without a preset, seed 1, ticks of 5 kimg, as measured: alike for two ticks, and at the end 0.88 of the real
    // images' variety within each view.
    [Test]
    public void Near_duplicates_that_come_and_go_are_not_accused()
    {
        (double OverAll, double InClasses, double Duplicates)[] measured =
        [
            (0.509, 0.502, 1), (0.583, 0.539, 1), (0.662, 0.622, 0.891), (0.710, 0.652, 0.812), (0.788, 0.685, 0.703),
            (0.779, 0.756, 0.594),
            (0.817, 0.788, 0.422), (0.832, 0.807, 0.266), (0.841, 0.812, 0.250), (0.793, 0.768, 0.484), (0.745, 0.727, 0.562),
            (0.773, 0.743, 0.594), (0.823, 0.797, 0.312), (0.895, 0.869, 0.281), (0.893, 0.883, 0.266), (0.911, 0.881, 0.156),
        ];
        Assert.That(Run(measured.Length, i => Noisy(i).With((Figures.Variety, measured[i].OverAll), (Figures.VarietyInClasses,
            measured[i].InClasses), (Figures.NearDuplicates, measured[i].Duplicates)), imagesPerTick: 5000), Is.Empty);
    }

    [Test]
    public void A_distance_that_stays_far_above_the_best_one_rises() =>
        Assert.That(Heads(Run(12, i => i % 2 == 0 ? Noisy(i).With((Figure.Extra("fd"), i < 4 ? 100 - i : 100 + 10 * i)) : Noisy(i))),
            Is.EqualTo(["Distance rises"]));

    // gan train --data (the first 100 of fashion-mnist) --width 16 --batch 32 --hold-out 16 --tick 2, as measured from 38 to 60 kimg.
    [Test]
    public void A_discriminator_that_knows_its_images_by_heart_is_told_at_the_third_tick_of_it()
    {
        double[] measured = [0.70, 0.65, 0.64, 0.79, 0.76, 0.83, 0.85, 0.91, 1.00, 0.98, 1.01, 1.11];
        var health = new TrainingHealth(0.5);
        var told = measured.Select((r, i) => health.Examine(Numbered(i, Noisy(i).With((Figures.Overfitting, r)), 20_000))).ToArray();
        Assert.That(told.Select(warnings => warnings.Count), Is.EqualTo([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]));
        Assert.That(told[9][0], Does.StartWith("Overfitting: r_v is 0.98, above 0.9 for 3 ticks."));
        Assert.That(TrainingHealth.IsFailure(told[9][0]), Is.False, "no snapshot leads out of it");
    }

    // All of fashion-mnist, as measured: -0.04 to 0.04; and one that wavers.
    [TestCase(-0.04, 0.04)]
    [TestCase(0.95, 0.85)]
    public void A_discriminator_that_does_not_is_not_accused(double even, double odd) =>
        Assert.That(Run(12, i => Noisy(i).With((Figures.Overfitting, i % 2 == 0 ? even : odd))), Is.Empty);

    /// <summary>What warnings advise, and the option or preset that does it.</summary>
    private static readonly Dictionary<string, string> _advice = new()
    {
        ["R1"] = "regularizer r1",
        ["diff"] = "augmentation diff",
        ["ada"] = "augmentation ada",
        ["narrower networks"] = "option width",
        ["snapshot"] = "option snapshots",
        ["spectral norm"] = "regularizer spectral-norm",
        ["gradient penalty"] = "regularizer gradient-penalty",
        ["regularizer"] = "option regularizers",
        ["regularization"] = "option regularizers",
        ["augmentation"] = "option augmentations",
        ["discriminator learning rate"] = "option discriminatorLearningRate",
        ["learning rate"] = "option learningRate",
        ["lower rate"] = "option learningRate",
        ["label smoothing"] = "option labelSmoothing",
        ["minibatch discrimination"] = "option minibatchDiscrimination",
        ["gradient clipping"] = "option gradientClip",
        ["wider networks"] = "option width",
        ["loss"] = "option loss",
        ["non-saturating"] = "loss non-saturating",
        ["hinge"] = "loss hinge",
        ["WGAN-GP"] = "config wgan-gp",
    };

    [Test]
    public void Warnings_advise_only_what_there_is()
    {
        string[] warnings =
        [
            .. Run(12, i => Noisy(i).With((Figures.RealProbability, 0.999), (Figures.FakeProbability, 0.001))),
            .. Run(12, i => Noisy(i).With((Figures.RealProbability, 0.999), (Figures.FakeProbability, 0.001), (Figures.GeneratorLoss, 0))),
            .. Run(12, i => Noisy(i).With((Figures.RealScore, 3), (Figures.FakeScore, 1), (Figures.DiscriminatorLoss, 0.001 * (i % 2)))),
            .. Run(12, i => Noisy(i).With((Figures.RealProbability, 0.5), (Figures.FakeProbability, 0.5))),
            .. Run(12, i => Noisy(i).With((Figures.SampleDeviation, 0.1 + 0.001 * i))),
            .. Run(12, i => Noisy(i).With((Figures.SampleDeviation, i == 11 ? 0.25 : 0.45))),
            .. Run(12, i => Noisy(i).With((Figures.GeneratorGradientNorm, i == 8 ? 100 : 1))),
            .. Run(12, i => Noisy(i).With((Figures.GeneratorGradientNorm, i < 9 ? 1 : 5e-4))),
            .. Run(12, i => Noisy(i).With((Figures.GeneratorLoss, i < 7 ? 1 + 0.1 * (i % 2) : Math.Pow(10, i - 6)))),
            .. Run(12, _ => _healthy),
            .. Run(8, i => Noisy(i).With((Figures.Variety, 0.2))),
            .. Run(8, i => Noisy(i).With((Figures.Variety, 0.9), (Figures.NearDuplicates, 0.8))),
            .. Run(12, i => Noisy(i).With((Figure.Extra("fd"), i < 4 ? 100 : 200))),
            .. Run(3, i => Noisy(i).With((Figures.Overfitting, 1))),
            .. Run(3, i => Noisy(i).With((Figures.Overfitting, 1), (Figures.AugmentationProbability, 0.4))),
        ];
        string[] kinds = [.. Heads(warnings).Distinct()];
        Assert.That(kinds, Has.Length.EqualTo(11), $"each kind: {string.Join(", ", kinds)}");

        string[] there =
        [
            .. TrainingOption.All.Select(option => $"option {option.Key}"),
            .. TrainingOption.All.Where(option => option.Choice is not null)
                .SelectMany(option => option.Choices.Select(choice => $"{option.Choice} {choice.Name}")),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "training/configs"))
                .Select(path => $"config {Path.GetFileNameWithoutExtension(path)}"),
        ];
        Assert.That(_advice.Values.Distinct(), Is.SubsetOf(there));
        foreach (var warning in warnings)
        {
            var advice = warning[Math.Max(warning.LastIndexOf("Try ", StringComparison.Ordinal),
                warning.LastIndexOf("tart a new run", StringComparison.Ordinal))..];
            Assert.That(advice, Does.StartWith("Try ").Or.StartWith("tart a new run with "));
            // Without all that is known, only words that name nothing are left.
            var rest = _advice.Keys.OrderByDescending(word => word.Length)
                .Aggregate(advice, (text, word) => text.Replace(word, "", StringComparison.Ordinal));
            Assert.That(Words().Matches(rest).Select(m => m.Value).Distinct(), Is.SubsetOf(_plainWords), warning);
            Assert.That(rest, Is.Not.EqualTo(advice), warning);
            Assert.That(warning, Does.Not.Contain("checkpoint"), "there is only the newest");
        }
    }

    private static readonly string[] _plainWords =
    [
        "Try", "tart", "a", "new", "run", "with", "lower", "higher", "or", "another", "less", "and", "the", "if", "there", "are", "few",
        "from", "before", "it", "images", "has", "brought", "rate", "to", "zero", "training", "is", "over", "schedule",
        "more",
    ];

    [System.Text.RegularExpressions.GeneratedRegex(@"[\w-]+")]
    private static partial System.Text.RegularExpressions.Regex Words();

    private static Tick Noisy(int i) =>
        _healthy.With((Figures.DiscriminatorLoss, 0.8 + 0.05 * (i % 3)), (Figures.GeneratorLoss, 1.5 + 0.1 * (i % 2)));

    private static Tick Numbered(int i, Tick tick, long imagesPerTick) => tick with { Step = i + 1, Images = (i + 1) * imagesPerTick };

    private static List<string> Run(int ticks, Func<int, Tick> figures, long imagesPerTick = 20_000)
    {
        var health = new TrainingHealth(dataDeviation: 0.5);
        return [.. Enumerable.Range(0, ticks).SelectMany(i => health.Examine(Numbered(i, figures(i), imagesPerTick)))];
    }

    private static IEnumerable<string> Heads(IEnumerable<string> warnings) => warnings.Select(w => w.Split(": ")[0]);
}
