using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Every model under models/ works, is described, and shows what it makes.</summary>
[TestFixtureSource(nameof(Names))]
public sealed class ShippedModelTests(string name)
{
    // How much two images of the data differ on an average, in −1 … 1: figures on a white ground less than garments that fill the picture.
    private static readonly Dictionary<string, double> _differenceOfData = new()
    {
        ["lpc-characters"] = 0.20,
        ["fashion-cgan"] = 0.43,
        ["fashion-dcgan"] = 0.43,
        ["fashion-stylegan2"] = 0.43,
        ["fashion-wgan-gp"] = 0.43,
    };

    private readonly string _folder = Path.Combine(Repository.Root, "models", name);

    private static IEnumerable<string> Names() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "models")).Select(f => Path.GetFileName(f)!);

    [Test]
    public void It_is_below_8_MB() => Assert.That(new FileInfo(Path.Combine(_folder, "model.onnx")).Length, Is.LessThan(8_000_000));

    [TestCase("Data")]
    [TestCase("License")]
    [TestCase("How it was trained")]
    [TestCase("Figures")]
    [TestCase("Limits")]
    [TestCase("Bias")]
    public void Its_card_has_the_section(string section) =>
        Assert.That(File.ReadAllText(Path.Combine(_folder, "README.md")), Does.Contain($"## {section}\n"));

    [Test]
    public void Its_metadata_says_how_it_came_about()
    {
        using var generator = ImageGenerator.Load(_folder);
        var metadata = generator.Model.Metadata!;
        Assert.That(metadata.License, Is.Not.Null);
        Assert.That(metadata.Training!.ImagesSeen, Is.Positive);
        Assert.That(metadata.Training.Data, Is.Not.Empty);
    }

    [Test]
    public void Its_preview_is_what_it_makes_of_seed_0()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", name, "--count", "64", "--out", folder["grid.png"]);
        var shown = ImageReader.Read(Path.Combine(_folder, "preview.png"), 526, 3);
        var made = ImageReader.Read(folder["grid.png"], 526, 3);
        // Another processor sums in another order; a byte may round the other way.
        Assert.That(shown.Zip(made, (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void Its_images_are_varied()
    {
        using var generator = ImageGenerator.Load(_folder);
        var batch = generator.Generate(256);
        var length = batch.Values.Length / batch.Count;
        var differences = Enumerable.Range(0, batch.Count / 2).Select(i => MeanDifference(batch[2 * i], batch[2 * i + 1], length))
            .ToArray();

        // The closest of 10,000 pairs of Fashion-MNIST differ by 0.06, of 2,000 of the characters by 0.05. A generator that has collapsed
        // makes pairs near 0.
        Assert.That(differences.Average(), Is.GreaterThan(0.7 * _differenceOfData[name]));
        Assert.That(differences.Min(), Is.GreaterThan(0.07 * _differenceOfData[name]));
    }

    private static double MeanDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int length)
    {
        double sum = 0;
        for (var i = 0; i < length; i++)
            sum += Math.Abs(a[i] - b[i]);
        return sum / length;
    }
}
