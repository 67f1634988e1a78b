// readme
using GanOnnx.Quantization;
// readme ends

namespace GanOnnx.Quantization.Tests;

/// <summary>The README's code.</summary>
public sealed class ExampleTests
{
    [Test]
    public void The_readmes_code_runs()
    {
        using var folder = new TemporaryFolder();
        var before = Directory.GetCurrentDirectory();
        Directory.CreateSymbolicLink(folder["models"], Path.Combine(Repository.Root, "models"));
        Directory.SetCurrentDirectory(folder.Path);
        try
        {
            var result = Example();

            Assert.That(result.Figures.Psnr, Is.GreaterThan(40));
            Assert.That(folder["fast.onnx"], Does.Exist);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested() =>
        ReadmeCode.AssertTested("inference/GanOnnx.Quantization/README.md", "tests/GanOnnx.Quantization.Tests/ExampleTests.cs");

    private static QuantizationResult Example()
    {
        // readme
        QuantizationResult result = ModelQuantizer.Quantize("models/fashion-dcgan", "fast.onnx",
            new QuantizationOptions { MinPsnr = 40, VerifiedImages = 200 });
        Console.WriteLine($"{result.Figures.Layers} of {result.Figures.LayersInAll} convolutions, {result.Figures.Psnr:0.0} dB, {result.Speed:0.0} × as fast here");
        // readme ends
        return result;
    }
}
