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
        float[] featuresOfRealImages = new float[6 * 512], featuresOfGeneratedImages = new float[6 * 512]; // of a network of yours
        FeatureSet real = new(size: 512), generated = new(size: 512);
        real.Add(featuresOfRealImages);           // vectors one after the other
        generated.Add(featuresOfGeneratedImages);

        EvaluationSets sets = new(real, generated);
        foreach (string name in EvaluationMetrics.Names)
            foreach (EvaluationFigure figure in EvaluationMetrics.Get(name).Measure(sets))
                Console.WriteLine($"{figure.Name} {figure.Value:0.000}: {figure.Description}");
        // readme ends
        return EvaluationMetrics.Get("fd").Measure(sets).Single().Value;
    }
}
