using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>A small StyleGAN2 of ten classes, trained and exported: truncation, style mixing and labels do what they are for.</summary>
public sealed class StyleMixingTests
{
    // 4, 8, 8, 16, 16, 32 and 32 pixels.
    private const int Layers = 7;
    // Its two styles are mixed as b + (a − b), rounded to float32.
    private const float Tolerance = 1e-4f;

    private TemporaryFolder _folder = null!;
    private ImageGenerator _generator = null!;

    private string Model => _folder["digits.onnx"];

    [OneTimeSetUp]
    public void TrainAndExport()
    {
        _folder = new TemporaryFolder();
        Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["run"], "--arch", "stylegan2", "--condition", "mapping",
            "--kimg", "1", "--tick", "1",
            "--width", "2", "--latent", "16", "--mapping-layers", "2", "--batch", "200", "--seed", "3");
        Gan.Succeed("export", _folder["run"], "--out", Model);
        _generator = ImageGenerator.Load(Model, new ImageGeneratorOptions { Device = Device.Cpu });
    }

    [OneTimeTearDown]
    public void Clean()
    {
        _generator?.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Truncation_to_nothing_makes_all_images_equal()
    {
        var images = _generator.Generate(5, seed: 2, label: 4, truncation: 0);
        for (var i = 1; i < images.Count; i++)
            Assert.That(images[i].ToArray(), Is.EqualTo(images[0].ToArray()).Within(Tolerance));
        Assert.That(Distance(Make(1), Make(2)), Is.GreaterThan(100 * Tolerance), "they differ without it");
    }

    [Test]
    public void Mixed_from_the_first_layer_it_is_the_other_image() =>
        Assert.That(Make(1, new(2, 0)), Is.EqualTo(Make(2)).Within(Tolerance));

    [Test]
    public void The_layers_are_found_by_trying() => Assert.That(_generator.Model.StyleLayers, Is.EqualTo(Layers));

    [Test]
    public void Mixed_from_a_layer_between_it_is_neither([Range(1, Layers - 1)] int layer)
    {
        var mixed = Make(1, new(2, layer));
        Assert.That(Distance(mixed, Make(1)), Is.GreaterThan(10 * Tolerance));
        Assert.That(Distance(mixed, Make(2)), Is.GreaterThan(10 * Tolerance));
    }

    [Test]
    public void Inspect_tells_what_generate_takes()
    {
        Assert.That(Gan.Succeed("inspect", Model).Output, Does.Contain("generate takes   --label, --truncation, --style-mix\n")
            .And.Contain("style layers     0 to 6\n")
            .And.Contain("style_mix_from float32 [N]"));
        var json = JsonNode.Parse(Gan.Succeed("inspect", Model, "--json").Output)!;
        Assert.That(((bool)json["isConditional"]!, (bool)json["hasTruncation"]!, (bool)json["hasStyleMixing"]!),
            Is.EqualTo((true, true, true)));
        Assert.That(Gan.Succeed("inspect", "fashion-dcgan").Output, Does.Not.Contain("generate takes"));
    }

    [Test]
    public void A_grid_with_styles_is_a_table_that_tells_how_to_make_it_again()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--seeds", "1,4", "--style-mix", "7-9:3", "--truncation", "0.7", "--label", "2", "--out",
            folder["mix.png"]);

        // Four images of 64 pixels, 2 between them, in each of three rows.
        var size = Image.Identify(folder["mix.png"]);
        Assert.That((size.Width, size.Height), Is.EqualTo((262, 196)));
        var origin = Provenance.Read(folder["mix.png"])!;
        Assert.That((origin.Seeds, origin.Indices, origin.Label, origin.Truncation, origin.StyleMix),
            Is.EqualTo(("1,4", "0", "2", "0.7", "7-9:3")));
    }

    [Test]
    public void A_folder_gets_every_mix_by_its_name()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--seeds", "1,4", "--style-mix", "7-8:3", "--label", "2", "--out", folder["mixes"]);

        Assert.That(Directory.GetFiles(folder["mixes"]).Select(Path.GetFileName), Is.EquivalentTo(
            ["seed0001-mix0007-3.png", "seed0001-mix0008-3.png", "seed0004-mix0007-3.png", "seed0004-mix0008-3.png"]));
        var expected = new byte[32 * 32];
        _generator.Generate(1, 4, label: 2, styleMix: new StyleMix(8, 3)).CopyBytesTo(0, expected);
        Assert.That(ImageReader.Read(folder["mixes/seed0004-mix0008-3.png"], 32, 1), Is.EqualTo(expected).Within(1),
            "a byte may round the other way");
        var origin = Provenance.Read(folder["mixes/seed0004-mix0008-3.png"])!;
        Assert.That((origin.Seeds, origin.Label, origin.Truncation, origin.StyleMix), Is.EqualTo(("4", "2", default(string), "8:3")));
    }

    [Test]
    public void A_grid_of_all_classes_has_a_column_for_each()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--count", "20", "--label", "all", "--out", folder["classes.png"]);
        Gan.Succeed("generate", Model, "--count", "4", "--label", "7, 3", "--out", folder["classes"]);

        var size = Image.Identify(folder["classes.png"]);
        Assert.That((size.Width, size.Height), Is.EqualTo((658, 130)));
        Assert.That(Provenance.Read(folder["classes.png"])!.Label, Is.EqualTo("0,1,2,3,4,5,6,7,8,9"));
        Assert.That(Directory.GetFiles(folder["classes"]).Order(StringComparer.Ordinal).Select(file => Provenance.Read(file)!.Label),
            Is.EqualTo(["7", "3", "7", "3"]));
    }

    [TestCase("--style-mix 7", "--style-mix 7 is no style mixing; write the seeds and the layer from which on their styles count, as "
        + "7:3 or 7-10:3.")]
    [TestCase("--style-mix 7:-1", "--style-mix 7:-1 is no style mixing; write the seeds and the layer from which on their styles count, "
        + "as 7:3 or 7-10:3.")]
    [TestCase("--style-mix x:3", "'x' in --style-mix x is no seed and no range of seeds; write numbers and ranges like 0,4-6.")]
    [TestCase("--style-mix 100:8", "Styles are to be mixed from layer 8 on; '{0}' has 7 layers with styles. Give 0 (all of them) to 6 (the "
        + "last one).")]
    [TestCase("--truncation 50", "The truncation is 50; -2 to 2 is expected: 0 is the average image, 1 no truncation.")]
    [TestCase("--style-mix 0-99:3", "6,565 images are too many for one picture; ask for fewer, or give a folder for --out.")]
    [TestCase("--label 3,cow", "'{0}' has no class 'cow'. Its classes are 0 0, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6, 7 7, 8 8, 9 9; give a name "
        + "or a number.")]
    public void What_cannot_be_done_gets_its_sentence(string options, string sentence)
    {
        using var folder = new TemporaryFolder();
        var result = Gan.Run(["generate", Model, "--device", "cpu", "--out", folder["x.png"], .. options.Split(' ')]);
        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2, $"gan: {string.Format(null, sentence, Model)}")));
    }

    [Test]
    public void A_model_without_styles_says_so()
    {
        var result = Gan.Run("generate", "fashion-dcgan", "--device", "cpu", "--out", _folder["x.png"], "--style-mix", "7:3");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.EndWith("fashion-dcgan/model.onnx' can't mix styles. Leave the style mixing out.\n"));
    }

    private float[] Make(ulong seed, StyleMix? styleMix = null) => _generator.Generate(1, seed, label: 4, styleMix: styleMix)[0].ToArray();

    private static double Distance(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();
}
