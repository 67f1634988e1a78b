// readme
using GanOnnx.Evaluation;
// readme ends

namespace GanOnnx.Evaluation.Tests;

/// <summary>The README's code.</summary>
public sealed class ExampleTests
{
    [Test]
    public void The_readmes_code_runs()
    {
        Assert.That(Example(), Is.Zero, "of equal sets");
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested() =>
        ReadmeCode.AssertTested("inference/GanOnnx.Evaluation/README.md", "tests/GanOnnx.Evaluation.Tests/ExampleTests.cs");

    private static double Example()
    {
        // readme
        using FeatureNetwork network = FeatureNetwork.OfResNet18();
        byte[] picture = new byte[32 * 32 * 3];                                    // [H, W, C], 0 … 255
        float[] features = network.Features(picture, count: 1, width: 32, height: 32, channels: 3);
        Console.WriteLine($"{network.FrechetName}: {features.Length} values");

        FeatureSet real = new(size: 512), generated = new(size: 512);              // vectors of any network, one after the other
        for (int i = 0; i < 10; i++)
        {
            real.Add(features);
            generated.Add(features);
        }
        foreach (EvaluationFigure figure in EvaluationMetrics.Get("fd").Measure(new(real, generated)))
            Console.WriteLine($"{figure.Name} {FigureText.Value(figure)} ({FigureText.Interval(figure)}): {figure.Description}");
        // readme ends
        return EvaluationMetrics.Get("fd").Measure(new(real, generated)).Single().Value;
    }
}
