using GanOnnx.Training.Evaluation;

namespace GanOnnx.Training.Tests.Evaluation;

public sealed class ClassFiguresTests
{
    [TestCase(1.0, 0, 500, 0, 0, Description = "one class: collapsed")]
    [TestCase(4.0, 25, 25, 25, 25, Description = "even")]
    [TestCase(2.0, 0, 7, 7, 0)]
    [TestCase(2.8284271247461903, 50, 25, 25, 0, Description = "entropy ½ ln 2 + 2 · ¼ ln 4 = 1.5 ln 2")]
    public void EffectiveNumber_is_how_many_even_classes_have_the_entropy(double expected, params int[] counts) =>
        Assert.That(ClassFigures.EffectiveNumber(counts), Is.EqualTo(expected).Within(1e-12), "the rounding of a few logarithms");

    [Test]
    public void Accuracy_is_the_diagonals_share() =>
        Assert.That(ClassFigures.Accuracy([[8, 2, 0], [0, 10, 0], [1, 0, 3]]), Is.EqualTo(21 / 24.0));
}
