namespace GanOnnx.EndToEnd.Tests;

/// <summary>The detector under models/ is described, and gan verify asks it of pictures that say nothing.</summary>
public sealed class ShippedDetectorTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "models", ShippedModelTests.Detector);

    [Test]
    public void Its_card_has_every_section_and_its_license_lies_beside_it()
    {
        ModelCard.AssertWhole(_folder);
        Assert.That(File.ReadAllText(Path.Combine(_folder, "LICENSE")), Does.StartWith("Attribution-ShareAlike 4.0 International"));
    }

    [Test]
    public void A_picture_without_marks_is_looked_at_and_one_with_marks_isnt()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", "fashion-cgan", "--count", "1", "--seed", "4", "--label", "Bag", "--no-provenance", "--out", folder["bare"]);
        Gan.Succeed("generate", "fashion-cgan", "--count", "1", "--seed", "4", "--label", "Bag", "--out", folder["marked"]);
        var bare = Gan.Run("verify", folder["bare"]);
        Assert.That(bare.ExitCode, Is.EqualTo(1));
        Assert.That(bare.Output, Does.Match(@"says nothing of its origin\.\n  detector: it looks generated \(probability (0\.9\d|1\.00)\); that is no proof, "
            + @"and of real pictures of the kinds that it knows 1 in 100 are called so\.\n"));
        Assert.That(Gan.Run("verify", folder["marked"]).Output, Does.Not.Contain("detector:"));
        Assert.That(Gan.Run("verify", folder["bare"], "--json").Output, Does.Contain("\"answer\": \"generated\""));
    }

    [Test]
    public void It_is_no_model_to_generate_with()
    {
        using var folder = new TemporaryFolder();
        var result = Gan.Run("generate", "detector", "--count", "1", "--out", folder["x.png"]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(Gan.Run("generate", "no-such", "--count", "1", "--out", folder["x.png"]).Error, Does.Not.Contain("detector"));
    }
}
