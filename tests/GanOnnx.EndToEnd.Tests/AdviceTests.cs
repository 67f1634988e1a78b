using System.Text.Json.Nodes;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What <c>gan train</c> says of pictures when no preset is named, and what it does then.</summary>
public sealed class AdviceTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void MakePictures()
    {
        _folder = new TemporaryFolder();
        Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["digits"], "--kimg", "1", "--arch", "mlp", "--width", "1");
        Gan.Succeed("export", _folder["digits"], "--out", _folder["m.onnx"]);
        Gan.Succeed("generate", _folder["m.onnx"], "--count", "40", "--out", _folder["pictures"]);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void A_recipe_of_ones_own_gets_what_goes_beside_it()
    {
        var told = Gan.Succeed("train", "--data", _folder["pictures"], "--out", _folder["own"], "--kimg", "1", "--width", "1",
            "--batch", "16", "--loss", "hinge");
        Assert.That(told.Error, Does.StartWith("The data suggests\n  --channels 1: the pictures are grey\n"
            + "  --config small-data: 40 pictures are few: StyleGAN2 with adaptive augmentation, which keeps the discriminator from learning them "
            + "by heart; of fewer than 100 expect copies of them, and little that is new; not taken beside a recipe of your own\n"));
        Assert.That(((string?)Options("own")["architecture"], (int?)Options("own")["channels"]), Is.EqualTo(("dcgan", 1)));
    }

    [Test]
    public void Without_a_terminal_what_was_not_said_is_taken()
    {
        var told = Gan.Succeed("train", "--data", _folder["pictures"], "--out", _folder["taken"], "--kimg", "1", "--width", "1");
        Assert.That(told.Error, Does.StartWith("The data suggests\n  --config small-data: 40 pictures are few: "));
        var options = Options("taken");
        Assert.That(
            ((string?)options["architecture"], (string?)options["augmentations"], (int?)options["channels"], (int?)options["width"]),
            Is.EqualTo(("stylegan2", "flip,ada:0.6", 1, 1)));
    }

    [Test]
    public void Numbers_of_ones_own_go_over_the_recipe()
    {
        Gan.Succeed("train", "--data", _folder["pictures"], "--out", _folder["rates"], "--kimg", "1", "--width", "1", "--batch", "8", "--lr", "0.001",
            "--augment", "diff");
        var options = Options("rates");
        Assert.That(((string?)options["architecture"], (string?)options["augmentations"], (int?)options["batchSize"], (double?)options["learningRate"]),
            Is.EqualTo(("stylegan2", "diff", 8, 0.001)));
    }

    [Test]
    public void Animations_get_the_recipe_of_clips()
    {
        Gan.Succeed("generate", "digits-moving", "--count", "20", "--out", _folder["clips"]);
        var told = Gan.Succeed("train", "--data", _folder["clips"], "--dry-run");
        Assert.That(told.Error, Does.StartWith("The data suggests\n  --config mocogan: the data is clips, of which it makes others\n"));
        Assert.That(told.Output, Does.Contain("20 clips").And.Contain("16 frames"));
    }

    [TestCase("synthetic:moving-digits", "mocogan", "--frames")]
    public void Clips_get_their_recipe_whatever_is_said_beside_it(string data, string preset, string option) =>
        Assert.That(Gan.Succeed("train", "--data", data, "--dry-run", "--lr", "0.0001", "--loss", "hinge", option, "16").Error,
            Does.StartWith($"The data suggests\n  --config {preset}: "));

    [TestCase("--rate", "8000", "mocogan")]
    [TestCase("--frames", "16", "dcgan")]
    [TestCase("--resize-convolution", "1", "gan")]
    public void What_the_networks_have_no_use_for_is_refused(string option, string value, string preset)
    {
        var told = Gan.Run("train", "--data", _folder["pictures"], "--dry-run", "--config", preset, option, value);
        Assert.That((told.ExitCode, told.Error), Is.EqualTo((2, $"gan: The networks {(preset == "gan" ? "mlp" : preset)} of the task "
            + $"{(preset == "mocogan" ? "mocogan" : "generate")} have no use for {option}; leave it out, or choose others with --config.\n")));
    }

    [Test]
    public void Auto_tells_the_same() =>
        Assert.That(Gan.Succeed("train", "--data", _folder["pictures"], "--dry-run", "--auto").Error,
            Does.StartWith("The data suggests\n  --config small-data: 40 pictures are few: "));

    [Test]
    public void A_preset_gets_no_advice()
    {
        var told = Gan.Succeed("train", "--data", _folder["pictures"], "--dry-run", "--config", "dcgan");
        Assert.That(told.Error, Is.Empty);
        var both = Gan.Run("train", "--data", _folder["pictures"], "--dry-run", "--config", "dcgan", "--auto");
        Assert.That((both.ExitCode, both.Error),
            Is.EqualTo((2, "gan: --auto is for a new run that makes images of noise, without --config, --init and --target; leave one "
                + "out.\n")));
    }

    private JsonNode Options(string run) => JsonNode.Parse(File.ReadAllText(_folder[$"{run}/run.json"]))!["options"]!;
}
