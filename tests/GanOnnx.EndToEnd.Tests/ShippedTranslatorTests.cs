using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Every model from image to image under models/ works, is described, and shows what it makes.</summary>
[TestFixtureSource(typeof(ShippedModelTests), nameof(ShippedModelTests.Translators))]
public sealed class ShippedTranslatorTests(string name)
{
    private readonly string _folder = Path.Combine(Repository.Root, "models", name);

    // Three million weights in float32.
    [Test]
    public void It_is_below_12_MB() => Assert.That(new FileInfo(Path.Combine(_folder, "model.onnx")).Length, Is.LessThan(12_000_000));

    [Test]
    public void Its_card_has_every_section() => ModelCard.AssertWhole(_folder);

    [Test]
    public void Its_metadata_says_how_it_came_about()
    {
        using var translator = ImageTranslator.Load(_folder);
        var metadata = translator.Model.Metadata!;

        Assert.That(metadata.License, Is.EqualTo("CC-BY-SA-4.0"));
        Assert.That(metadata.Training!.ImagesSeen, Is.Positive);
        Assert.That(File.ReadAllText(Path.Combine(_folder, "LICENSE")), Does.StartWith("Attribution-ShareAlike 4.0 International"));
    }

    [TestCase("model.onnx", 1)]
    [TestCase(null, 16, Description = "int8")]
    public void Its_examples_are_what_it_makes_of_them(string? file, int most)
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("translate", Path.Combine(_folder, file ?? $"{name}-int8.onnx"), "--in", Path.Combine(_folder, "examples", "in"), "--out", folder["out"],
            "--unsigned");
        var pictures = Directory.GetFiles(Path.Combine(_folder, "examples", "out"));

        Assert.That(pictures, Is.Not.Empty);
        foreach (var picture in pictures)
        {
            var (shown, made) = (ImageReader.Read(picture, 64, 3), ImageReader.Read(Path.Combine(folder["out"], Path.GetFileName(picture)), 64, 3));
            var differences = shown.Zip(made, (a, b) => Math.Abs(a - b)).ToArray();
            Assert.That(differences.Order().ElementAt(differences.Length * 99 / 100), Is.LessThanOrEqualTo(most), picture);
        }
    }
}
