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
        Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["run"], "--kimg", "2", "--tick", "1", "--width", "4", "--batch",
            "20", "--seed", "3");
        Gan.Succeed("export", _folder["run"], "--out", Model, "--license", "CC0-1.0");
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void Fashion_mnist_trains_exports_and_generates()
    {
        using var folder = new TemporaryFolder();
        var trained = Gan.Succeed("train", "--data", RealData.Folder("fashion-mnist"), "--out", folder["run"], "--kimg", "1", "--width",
            "4");
        var exported = Gan.Succeed("export", folder["run"], "--out", folder["model.onnx"]);
        var generated = Gan.Succeed("generate", folder["model.onnx"], "--count", "9", "--out", folder["grid.png"]);

        Assert.That(trained.Error, Does.Contain("fashion-mnist: 60,000 images in 10 classes of 6,000 each (0, 1, 2, 3, 4 and 5 more); "
            + "of train-images-idx3-ubyte.gz alone; ").And.Contain("28 × 28 px, centred on black, 32 × 32 px").And.Contain("32 × 32 px, grey; "));
        Assert.That(exported.Output, Does.Contain("ONNX Runtime differs from TorchSharp by at most"));
        Assert.That(generated.Output, Does.StartWith($"{folder["grid.png"]}: 9 images in "));
    }

    [Test]
    public void A_run_says_the_commit_of_the_clone_that_its_program_was_built_in() =>
        Assert.That((string?)JsonNode.Parse(File.ReadAllText(_folder["run/run.json"]))!["versions"]!["commit"],
            Does.Match(Path.Exists(Path.Combine(Repository.Root, ".git")) ? "^[0-9a-f]{40}$" : "^unknown$"));

    [Test]
    public void A_folder_of_colour_pictures_trains_at_64_pixels()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--count", "8", "--out", folder["pictures"]);
        Gan.Succeed("train", "--data", folder["pictures"], "--out", folder["run"], "--size", "64", "--channels", "3", "--kimg",
            "1", "--width", "2", "--batch", "8");
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
        Assert.That((string?)result["metadata"]!["gan.license"], Is.EqualTo("CC0-1.0"));
        var training = result["metadata"]!["gan.training"]!;
        Assert.That((string?)training["data"], Is.EqualTo("synthetic:digits"));
        Assert.That((long?)training["imagesSeen"], Is.EqualTo(2000));
        Assert.That((int?)training["seed"], Is.EqualTo(3));
        Assert.That(result["inputs"]![0]!.ToJsonString(), Is.EqualTo("""{"name":"z","type":"float32","shape":["N",100]}"""));
        Assert.That(result["outputs"]![0]!.ToJsonString(), Is.EqualTo("""{"name":"image","type":"float32","shape":["N",1,32,32]}"""));
    }

    [TestCase("e.pt", "e.onnx")]
    [TestCase("my model", "'my model.onnx'")]
    public void Only_a_name_for_an_onnx_file_is_exported_to(string name, string meant)
    {
        var result = Gan.Run("export", _folder["run"], "--out", name);
        Assert.That((result.ExitCode, result.Error.TrimEnd()),
            Is.EqualTo((2, $"gan: '{name}' is no name for an ONNX file; use .onnx, as {meant}.")));
        Assert.That(File.Exists(name), Is.False);
    }

    [TestCase("generate", "--out", "x.png")]
    [TestCase("interpolate", "--seeds", "1,2", "--out", "x.gif")]
    [TestCase("inspect")]
    [TestCase("bench")]
    public void A_run_is_no_model_and_how_to_make_one_of_it_can_be_pasted(string verb, params string[] options)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(folder["my run"], _folder["run"]);
        foreach (var run in new[] { folder["my run"], folder["my run/checkpoint.safetensors"] })
        {
            var result = Gan.Run([verb, run, .. options]);
            Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2,
                $"gan: '{run}' is a training run and no model yet. Export it first: gan export '{run}' --out 'my run.onnx'")));
        }
    }

    [Test]
    public void A_grid_of_a_grey_model_is_a_grey_file_of_the_columns_and_scale_asked_for()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--count", "6", "--columns", "3", "--scale", "4", "--out", folder["grid.png"]);
        Gan.Succeed("generate", Model, "--seeds", "7", "--out", folder["pictures"]);

        var grid = SixLabors.ImageSharp.Image.Identify(folder["grid.png"]);
        Assert.That((grid.Width, grid.Height), Is.EqualTo((3 * 32 * 4 + 2 * 2, 2 * 32 * 4 + 2)));
        Assert.That(grid.PixelType.BitsPerPixel, Is.EqualTo(8));
        Assert.That(SixLabors.ImageSharp.Image.Identify(folder["pictures/seed0007.png"]).PixelType.BitsPerPixel, Is.EqualTo(8));
    }

    [Test]
    public void Json_tells_which_file_has_which_seed()
    {
        using var folder = new TemporaryFolder();
        JsonNode Files(params string[] options) =>
            JsonNode.Parse(Gan.Succeed(["generate", Model, "--json", .. options]).Output)!["files"]!;

        var grid = Files("--count", "2", "--seed", "5", "--out", folder["grid.png"]);
        var single = Files("--seeds", "0,4-5", "--out", folder["pictures"]);

        Assert.That(grid.ToJsonString(), Is.EqualTo(
            $$"""[{"file":"{{folder["grid.png"]}}","images":["""
            + """{"seed":5,"index":0,"label":null,"prompt":null,"styleMix":null},"""
            + """{"seed":5,"index":1,"label":null,"prompt":null,"styleMix":null}]}]"""));
        Assert.That(single.AsArray().Select(file => ((string)file!["file"]!, (int)file["images"]![0]!["seed"]!)), Is.EqualTo(
            new[] { 0, 4, 5 }.Select(seed => (folder[$"pictures/seed000{seed}.png"], seed))));
        Assert.That(single.AsArray().Select(file => File.Exists((string)file!["file"]!)), Is.All.True);
    }

    [Test]
    public void A_card_is_written_beside_the_model_and_never_over_another()
    {
        string[] call = ["export", _folder["run"], "--out", _folder["carded/model.onnx"], "--card", _folder["carded/README.md"], "--license", "CC-BY-4.0"];
        Gan.Succeed(call);
        Assert.That(File.ReadAllText(_folder["carded/README.md"]), Does.StartWith("---\nlicense: cc-by-4.0\n").And.Contain("# model\n")
            .And.Contain("ONNX Runtime differs from TorchSharp by at most").And.Contain("TO BE WRITTEN:"));

        File.WriteAllText(_folder["carded/README.md"], "mine");
        var again = Gan.Run(call);
        Assert.That((again.ExitCode, File.ReadAllText(_folder["carded/README.md"])), Is.EqualTo((2, "mine")));
        Assert.That(again.Error, Is.EqualTo($"gan: '{_folder["carded/README.md"]}' is there, and may be written on, so it isn't replaced. Move it away, or "
            + "give another name.\n"));
        Assert.That(Gan.Run("export", _folder["run"], "--weights", _folder["w.safetensors"], "--card", _folder["x.md"]).Error,
            Is.EqualTo("gan: --card describes a model; say which to write: --out FILE.onnx.\n"));
    }

    [Test]
    public void Exporting_twice_gives_the_same_bytes()
    {
        Gan.Succeed("export", _folder["run"], "--out", _folder["again.onnx"], "--license", "CC0-1.0");
        Assert.That(File.ReadAllBytes(_folder["again.onnx"]), Is.EqualTo(File.ReadAllBytes(Model)));
    }

    [Test]
    public void A_model_that_makes_bytes_gives_the_same_pictures()
    {
        Gan.Succeed("export", _folder["run"], "--out", _folder["bytes.onnx"], "--output", "uint8");
        using var floats = ImageGenerator.Load(Model);
        using var bytes = ImageGenerator.Load(_folder["bytes.onnx"], new ImageGeneratorOptions { BatchSize = 5 });

        Assert.That(bytes.Model.Outputs.Single().ToString(), Is.EqualTo("image uint8 [N, 32, 32, 1]"));
        Assert.That(bytes.Model.Metadata!.Pixels, Is.EqualTo(new PixelDescription { Lowest = 0, Highest = 255, Channels = "grey" }));
        // A sum in another order may fall on the other side of a step: one of 255.
        Assert.That(Bytes(bytes).Zip(Bytes(floats), (a, b) => Math.Abs(a - b)), Is.All.LessThanOrEqualTo(1));

        static List<int> Bytes(ImageGenerator generator)
        {
            var batch = generator.Generate(12, seed: 5);
            var pixels = new byte[32 * 32];
            var all = new List<int>();
            for (var i = 0; i < batch.Count; i++)
            {
                batch.CopyBytesTo(i, pixels);
                all.AddRange(pixels.Select(p => (int)p));
            }
            return all;
        }
    }

    [Test]
    public void A_half_precision_model_is_half_as_large_and_gives_nearly_the_same_pictures()
    {
        var exported = Gan.Succeed("export", _folder["run"], "--out", _folder["half.onnx"], "--precision", "fp16");
        using var full = ImageGenerator.Load(Model);
        using var half = ImageGenerator.Load(_folder["half.onnx"]);

        Assert.That(exported.Output, Does.Contain("ONNX Runtime differs from TorchSharp by at most"));
        Assert.That(half.Model.FileSize, Is.LessThan(0.6 * full.Model.FileSize));
        var (expected, actual) = (full.Generate(4).Values.ToArray(), half.Generate(4).Values.ToArray());
        // float16 has 11 bits: a step of 1/1024 near 1, a few of them after several layers.
        Assert.That(actual, Is.EqualTo(expected).Within(1e-2));
        Assert.That(actual, Is.Not.EqualTo(expected));
    }

    [Test]
    public void A_folder_gets_a_file_per_image_named_by_seed_or_index()
    {
        using var folder = new TemporaryFolder();
        Gan.Succeed("generate", Model, "--seeds", "0,4-6", "--out", folder["seeds"]);
        Gan.Succeed("generate", Model, "--seed", "4", "--count", "2", "--out", folder["count"]);

        Assert.That(Names(folder["seeds"]), Is.EqualTo(["seed0000.png", "seed0004.png", "seed0005.png", "seed0006.png"]));
        Assert.That(Names(folder["count"]), Is.EqualTo(["seed0004-000000.png", "seed0004-000001.png"]));
        Assert.That(ImageReader.Read(folder["count/seed0004-000000.png"], 32, 1),
            Is.EqualTo(ImageReader.Read(folder["seeds/seed0004.png"], 32, 1)),
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

    private static IEnumerable<string?> Names(string folder) =>
        Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
