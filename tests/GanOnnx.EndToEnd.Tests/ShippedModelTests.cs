using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Every model of noise under models/ works, is described, and shows what it makes.</summary>
[TestFixtureSource(nameof(Names))]
public sealed class ShippedModelTests(string name)
{
    /// <summary>Those that make images of images have tests of their own.</summary>
    public static readonly string[] Translators = ["drawings-x2", "emoji-to-outline", "outline-to-emoji"];

    /// <summary>Those that make sounds or clips have tests of their own.</summary>
    public static readonly string[] Media = ["digits-spoken", "digits-moving", "characters-turning"];

    /// <summary>It makes nothing.</summary>
    public const string Detector = "detector";

    // How much two images of the data differ on an average, in −1 … 1: figures on a white ground less than garments that fill the picture.
    private static readonly Dictionary<string, double> _differenceOfData = new()
    {
        ["characters-text"] = 0.20,
        ["lpc-characters"] = 0.20,
        ["fashion-cgan"] = 0.43,
        ["fashion-dcgan"] = 0.43,
        ["fashion-stylegan2"] = 0.43,
        ["fashion-wgan-gp"] = 0.43,
    };

    private readonly string _folder = Path.Combine(Repository.Root, "models", name);

    private static IEnumerable<string> Names() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "models")).Select(f => Path.GetFileName(f)!).Except([.. Translators, .. Media, Detector]);

    [Test]
    public void It_is_below_8_MB() => Assert.That(new FileInfo(Path.Combine(_folder, "model.onnx")).Length, Is.LessThan(8_000_000));

    [Test]
    public void Its_card_has_every_section() => ModelCard.AssertWhole(_folder);

    [Test]
    public void Its_int8_file_makes_nearly_the_same_and_says_so()
    {
        var file = Path.Combine(_folder, $"{name}-int8.onnx");
        if (name == "fashion-stylegan2")
        {
            Assert.That(file, Does.Not.Exist, "it is no faster");
            return;
        }
        using var full = ImageGenerator.Load(_folder);
        using var bytes = ImageGenerator.Load(file);
        var said = bytes.Model.Metadata!.Quantization!;

        Assert.That(said.Of, Is.EqualTo(full.Model.Sha256));
        Assert.That(Psnr(full.Generate(64, seed: 3), bytes.Generate(64, seed: 3)), Is.EqualTo(said.Psnr).Within(1.5), "of other images");
        Assert.That(File.ReadAllText(Path.Combine(_folder, "README.md")), Does.Contain($"{name}-int8.onnx"));
    }

    private static double Psnr(ImageBatch images, ImageBatch others)
    {
        var sum = 0.0;
        for (var i = 0; i < images.Values.Length; i++)
            sum += Math.Pow(images.Values[i] - others.Values[i], 2);
        return 10 * Math.Log10(4 * images.Values.Length / sum);
    }

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
