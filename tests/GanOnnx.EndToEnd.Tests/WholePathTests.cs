using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>Pictures in, an .onnx file out, pictures back.</summary>
public sealed class WholePathTests
{
    private TemporaryFolder _folder = null!;
    private string Model => _folder["model.onnx"];

    [OneTimeSetUp]
    public void TrainAndExport()
    {
        _folder = new TemporaryFolder();
        Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["run"], "--kimg", "2", "--tick", "1", "--width", "4", "--batch", "20", "--seed", "3");
        Gan.Succeed("export", _folder["run"], "--out", Model, "--licence", "CC0-1.0");
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Fashion_mnist_trains_exports_and_generates()
    {
        using var folder = new TemporaryFolder();
        var trained = Gan.Succeed("train", "--data", RealData.Folder("fashion-mnist"), "--out", folder["run"], "--kimg", "1", "--width", "4");
        var exported = Gan.Succeed("export", folder["run"], "--out", folder["model.onnx"]);
        var generated = Gan.Succeed("generate", folder["model.onnx"], "--count", "9", "--out", folder["grid.png"]);

        Assert.That(trained.Error, Does.Contain("fashion-mnist: 60,000 images, grey, 32 × 32"));
        Assert.That(exported.Output, Does.Contain("ONNX Runtime differs from TorchSharp by at most"));
        Assert.That(generated.Output, Does.StartWith($"{folder["grid.png"]}: 9 images in "));
    }

    [Test]
    public void A_folder_of_colour_pictures_trains_at_64_pixels()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--count", "8", "--out", folder["pictures"]);
        Gan.Succeed("train", "--data", folder["pictures"], "--out", folder["run"], "--size", "64", "--kimg", "1", "--width", "2", "--batch", "8");
        Gan.Succeed("export", folder["run"], "--out", folder["colour.onnx"]);

        using var generator = ImageGenerator.Load(folder["colour.onnx"]);
        var batch = generator.Generate(1);
        Assert.That((batch.Channels, batch.Height, batch.Width), Is.EqualTo((3, 64, 64)));
    }

    [Test]
    public void A_seed_gives_the_same_pictures_at_any_batch_size()
    {
        var one = Generate(batch: 1);
        foreach (var batch in new[] { 7, 64 })
            // Another batch size sums in another order: a few units in the last place of float32.
            Assert.That(LargestDifference(one, Generate(batch)), Is.LessThanOrEqualTo(1e-5), $"batch {batch}");
    }

    [Test]
    public void The_model_says_how_it_came_about()
    {
        var result = JsonNode.Parse(Gan.Succeed("inspect", Model, "--json").Output)!;
        Assert.That((string?)result["metadata"]!["gan.licence"], Is.EqualTo("CC0-1.0"));
        var training = JsonNode.Parse((string)result["metadata"]!["gan.training"]!)!;
        Assert.That((string?)training["data"], Is.EqualTo("synthetic:digits"));
        Assert.That((long?)training["imagesSeen"], Is.EqualTo(2000));
        Assert.That((int?)training["seed"], Is.EqualTo(3));
    }

    [Test]
    public void Exporting_twice_gives_the_same_bytes()
    {
        Gan.Succeed("export", _folder["run"], "--out", _folder["again.onnx"], "--licence", "CC0-1.0");
        Assert.That(File.ReadAllBytes(_folder["again.onnx"]), Is.EqualTo(File.ReadAllBytes(Model)));
    }

    [Test]
    public void A_folder_gets_a_file_per_image_named_by_seed_or_index()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--seeds", "0,4-6", "--out", folder["seeds"]);
        Gan.Succeed("generate", Model, "--seed", "4", "--count", "2", "--out", folder["count"]);

        Assert.That(Names(folder["seeds"]), Is.EqualTo(["seed0000.png", "seed0004.png", "seed0005.png", "seed0006.png"]));
        Assert.That(Names(folder["count"]), Is.EqualTo(["seed0004-000000.png", "seed0004-000001.png"]));
        Assert.That(ImageReader.Read(folder["count/seed0004-000000.png"], 32, 1), Is.EqualTo(ImageReader.Read(folder["seeds/seed0004.png"], 32, 1)),
            "image 0 of seed 4 is the same either way");
    }

    [Test]
    public void Pictures_tell_where_they_come_from_unless_told_not_to()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--count", "4", "--seed", "8", "--out", folder["marked.webp"]);
        Gan.Succeed("generate", Model, "--count", "4", "--out", folder["bare.webp"], "--no-provenance");

        var origin = Provenance.Read(folder["marked.webp"])!;
        Assert.That(origin.DigitalSourceType, Is.EqualTo(Provenance.TrainedAlgorithmicMedia));
        Assert.That((origin.Seeds, origin.Indices), Is.EqualTo(("8", "0-3")));
        Assert.That(origin.ModelSha256, Has.Length.EqualTo(64));
        Assert.That(Provenance.Read(folder["bare.webp"]), Is.Null);
    }

    [Test]
    public void Training_samples_are_what_generate_makes_of_the_runs_seed()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--count", "64", "--seed", "3", "--out", folder["grid.png"]);
        var sampled = ImageReader.Read(_folder["run/samples/kimg-000002.png"], 526, 1);
        var generated = ImageReader.Read(folder["grid.png"], 526, 1);
        // TorchSharp against ONNX Runtime, rounded to bytes: at most one step apart.
        Assert.That(sampled.Zip(generated, (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(1));
    }

    private float[] Generate(int batch)
    {
        using var generator = ImageGenerator.Load(Model, new ImageGeneratorOptions { BatchSize = batch });
        return generator.Generate(100, seed: 11).Values.ToArray();
    }

    private static double LargestDifference(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();

    private static IEnumerable<string?> Names(string folder) => Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
