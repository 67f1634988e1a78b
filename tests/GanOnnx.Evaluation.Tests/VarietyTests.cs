using GanOnnx.Evaluation.Tests.Fixtures;

namespace GanOnnx.Evaluation.Tests;

/// <summary>What is alike is told, wherever the likeness hides.</summary>
public sealed class VarietyTests
{
    private const int Images = 400, Size = 8;

    [Test]
    public void Real_images_have_the_variety_of_real_images()
    {
        var figures = Measure(Sets.Features(Images, Size, 1), Sets.Features(Images, Size, 2));

        Assert.That(figures["variety"], Is.EqualTo(1).Within(0.05));
        Assert.That(figures["near-duplicates"], Is.LessThan(0.05));
    }

    // Half as far apart is half the variety, by definition.
    [Test]
    public void Variety_is_a_ratio_of_distances() =>
        Assert.That(Measure(Sets.Features(Images, Size, 1), Sets.Features(Images, Size, 1, 0.5))["variety"], Is.EqualTo(0.5).Within(1e-6));

    [Test]
    public void The_mean_squared_distance_is_that_of_all_pairs()
    {
        var (real, made) = (Sets.Features(30, 3, 1), Sets.Features(20, 3, 2, 0.3));
        double Mean(FeatureSet set) => (from i in Enumerable.Range(0, set.Count)
                                        from j in Enumerable.Range(0, set.Count)
                                        where i != j
                                        select Enumerable.Range(0, 3).Sum(k => Math.Pow(set[i][k] - set[j][k], 2))).Average();

        Assert.That(Measure(real, made)["variety"], Is.EqualTo(Math.Sqrt(Mean(made) / Mean(real))).Within(1e-6));
    }

    // One picture for each of ten classes far apart: over all the variety is nearly that of real images.
    [Test]
    public void One_picture_a_class_is_told_within_the_classes()
    {
        int[] labels = [.. Enumerable.Range(0, Images).Select(i => i % 10)];
        var (real, made) = (new FeatureSet(Size), new FeatureSet(Size));
        var (inner, noise) = (Sets.Features(Images, Size, 1), Sets.Features(Images, Size, 2, 0.01));
        for (var i = 0; i < Images; i++)
        {
            real.Add([.. inner[i].ToArray().Select(x => x + 3f * labels[i])]);
            made.Add([.. noise[i].ToArray().Select(x => x + 3f * labels[i])]);
        }

        var figures = Measure(real, made, labels);

        Assert.That(figures["variety"], Is.GreaterThan(0.9));
        Assert.That(figures["variety in classes"], Is.LessThan(0.05));
        Assert.That(figures["least varied class"], Is.LessThanOrEqualTo(figures["variety in classes"]));
    }

    [Test]
    public void A_picture_made_again_and_again_is_a_near_duplicate()
    {
        var (real, made) = (Sets.Features(Images, Size, 1), Sets.Features(Images / 2, Size, 2));
        for (var i = 0; i < Images / 2; i++)
            made.Add(made[0]);

        Assert.That(Measure(real, made)["near-duplicates"], Is.EqualTo(0.5).Within(0.03));
    }

    [Test]
    public void Copies_of_training_images_are_told()
    {
        var (real, heldOut) = (Sets.Features(Images, Size, 1), Sets.Features(Images, Size, 2));
        var copied = new FeatureSet(Size);
        for (var i = 0; i < Images; i++)
            copied.Add(i % 4 == 0 ? real[i] : Sets.Features(1, Size, (ulong)(1000 + i))[0]);

        double Share(FeatureSet made) => EvaluationMetrics.Get("copies").Measure(new(real, made) { HeldOut = heldOut }).Single().Value;
        Assert.That(Share(Sets.Features(Images, Size, 3)), Is.LessThan(0.04));
        Assert.That(Share(copied), Is.EqualTo(0.25).Within(0.04));
        // Without held-out images one half of the real ones stands for them, and copies of the other are looked for.
        Assert.That(EvaluationMetrics.Get("copies").Measure(new(real, copied)).Single().Value, Is.EqualTo(0.125).Within(0.04));
        Assert.That(EvaluationMetrics.Get("copies").Measure(new(Sets.Features(150, Size, 1), copied)), Is.Empty, "a hundred are needed");
    }

    private static Dictionary<string, double> Measure(FeatureSet real, FeatureSet made, int[]? labels = null) =>
        EvaluationMetrics.Get("variety").Measure(new(real, made) { RealLabels = labels, GeneratedLabels = labels })
            .ToDictionary(figure => figure.Name, figure => figure.Value);
}
