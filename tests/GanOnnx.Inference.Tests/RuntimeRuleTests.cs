using System.Text.RegularExpressions;

namespace GanOnnx.Inference.Tests;

/// <summary>The rule between the rooms of the library, checked on the source.</summary>
public sealed class RuntimeRuleTests
{
    // Names of types, as in code; metrics and activities are named after images, and so are sentences of the documentation.
    [Test]
    public void The_runtime_knows_no_images()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "inference", "GanOnnx.Inference", "Runtime"), "*.cs",
            SearchOption.AllDirectories);
        Assert.That(files, Has.Length.GreaterThan(10));
        foreach (var file in files)
            Assert.That(
                File.ReadAllLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)),
                Has.None.Matches<string>(line =>
                    Regex.IsMatch(line, @"GanOnnx\.Inference\.(?!Runtime)|\b(Image|Pixel|Latent|Sample|StyleMix)([A-Z]\w*)?\b")),
                file);
    }
}
