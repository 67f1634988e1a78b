using GanOnnx.Inference;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What ExifTool, an independent program, finds in the pictures that the programs make.</summary>
public sealed class ProvenanceTests
{
    private const string Model = "fashion-dcgan";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("grid.png")]
    [TestCase("grid.jpg")]
    [TestCase("grid.webp")]
    public void A_grid_tells_its_model_and_seed(string name)
    {
        Gan.Succeed("generate", Model, "--count", "4", "--seed", "8", "--out", _folder[name]);

        AssertOrigin(_folder[name], ("Seeds", "8"), ("Indices", "0-3"));
    }

    [Test]
    public void Every_picture_of_a_folder_tells_its_seed()
    {
        Gan.Succeed("generate", Model, "--seeds", "0,4-6", "--out", _folder["pictures"]);

        foreach (var seed in new[] { 0, 4, 5, 6 })
            AssertOrigin(_folder[$"pictures/seed{seed:0000}.png"], ("Seeds", $"{seed}"), ("Indices", "0"));
    }

    [Test]
    public void A_walk_tells_its_seeds()
    {
        Gan.Succeed("interpolate", Model, "--seeds", "1,5,9", "--frames", "6", "--out", _folder["walk.gif"]);

        AssertOrigin(_folder["walk.gif"], ("Seeds", "1,5,9"), ("Indices", "0"), ("Frames", "0-5 of 6"));
    }

    [Test]
    public void Every_frame_of_a_walk_tells_its_place()
    {
        Gan.Succeed("interpolate", Model, "--seeds", "1,5,9", "--frames", "6", "--out", _folder["walk"]);

        for (var frame = 0; frame < 6; frame++)
            AssertOrigin(_folder[$"walk/frame-{frame:0000}.png"], ("Seeds", "1,5,9"), ("Indices", "0"), ("Frames", $"{frame} of 6"));
    }

    [TestCase("generate", "x.png")]
    [TestCase("generate", "x.jpg")]
    [TestCase("generate", "x.webp")]
    [TestCase("interpolate", "x.gif")]
    public void No_provenance_leaves_nothing(string verb, string name)
    {
        Gan.Succeed(verb, Model, "--seeds", "1,2", "--out", _folder[name], "--no-provenance");

        Assert.That(ExifTool.ReadXmp(_folder[name]), Is.Empty);
    }

    private static void AssertOrigin(string path, params (string Name, string Value)[] expected)
    {
        using var generator = ImageGenerator.Load(System.IO.Path.Combine(Repository.Root, "models", Model));
        var tags = ExifTool.ReadXmp(path);
        Assert.That(tags["XMP-xmp:CreatorTool"], Does.Match(@"^GanOnnx \d+\.\d+\.\d+$"));
        Assert.That(tags.Where(tag => tag.Key != "XMP-xmp:CreatorTool"), Is.EquivalentTo(new Dictionary<string, string>(
            expected.Select(tag => KeyValuePair.Create($"XMP-gan:{tag.Name}", tag.Value)))
        {
            ["XMP-iptcExt:DigitalSourceType"] = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            ["XMP-gan:Model"] = Model,
            ["XMP-gan:ModelSha256"] = generator.Model.Sha256,
        }));
    }
}
