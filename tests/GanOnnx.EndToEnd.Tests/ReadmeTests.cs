// readme
using GanOnnx.Imaging;
using GanOnnx.Inference;
// readme ends

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The README's C# is this file's: it compiles and runs.</summary>
public sealed class ReadmeTests
{
    [Test]
    public void Ten_lines_of_csharp_make_pictures()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.CurrentDirectory;
        try
        {
            Directory.CreateSymbolicLink(folder["models"], Path.Combine(Repository.Root, "models"));
            Environment.CurrentDirectory = folder.Path;
            Snippet();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
        Assert.That(Directory.GetFiles(folder.Path, "garment-*.png"), Has.Length.EqualTo(16));
    }

    private static void Snippet()
    {
        // readme
        using var generator = ImageGenerator.Load("models/fashion-dcgan", new ImageGeneratorOptions { Device = Device.Auto });
        ImageBatch images = generator.Generate(count: 16, seed: 42);
        for (var i = 0; i < images.Count; i++)
        {
            using var image = images.ToImage(i);
            ImageFile.Save(image, $"garment-{i}.png");
        }
        // readme ends
    }

    [Test]
    public void The_readme_shows_the_code_that_is_tested() =>
        ReadmeCode.AssertTested("README.md", "tests/GanOnnx.EndToEnd.Tests/ReadmeTests.cs");
}
