using System.Text.Json.Nodes;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;

namespace GanOnnx.EndToEnd.Tests;

/// <summary><c>gan quantize</c> and <c>gan export --precision int8</c>, and what other verbs tell of their files.</summary>
public sealed class QuantizeTests
{
    private static readonly string[] _quick = ["--count", "16"];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Quantize()
    {
        _folder = new TemporaryFolder();
        Said = Gan.Succeed(["quantize", "fashion-dcgan", "--out", _folder["fast.onnx"], .. _quick]).Output;
    }

    private string Said { get; set; } = "";

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void It_tells_what_each_layer_costs() => Assert.That(Said, Does.Match(
        @"^\S+fast\.onnx: 2\.3 MB, 2 of 3 convolutions in int8; 16 images are \d\d\.\d dB from the float model's, FD-ResNet18 between them \d+\.\d{3}; \d+\.\d × as fast as the "
        + @"float model here(, so keep that one)?\n  up8 +int8 +\d\d\.\d dB if it alone is int8\n  up16 +int8 +\d\d\.\d dB if it alone is int8\n$"));

    [Test]
    public void The_file_is_used_as_the_other_and_says_what_it_computes_in()
    {
        Gan.Succeed("generate", _folder["fast.onnx"], "--count", "4", "--out", _folder["garments.png"]);

        Assert.That(Gan.Succeed("verify", _folder["garments.png"], "--model", _folder["fast.onnx"]).Output, Does.Contain("holds"));
        Assert.That(Gan.Succeed("inspect", _folder["fast.onnx"]).Output, Does.Contain("computes in      int8 in 2 of 3 convolutions, float32 else\n"));
        Assert.That(Gan.Succeed("inspect", "fashion-dcgan").Output, Does.Contain("computes in      float32\n"));
        var json = JsonNode.Parse(Gan.Succeed("inspect", _folder["fast.onnx"], "--json").Output)!;
        Assert.That((int)json["metadata"]!["gan.quantization"]!["layers"]!, Is.EqualTo(2));
    }

    [Test]
    public void Bench_compares_files_of_one_model()
    {
        string[] call = ["bench", "fashion-dcgan", _folder["fast.onnx"], "--batches", "1,2", "--seconds", "0.05"];

        var json = JsonNode.Parse(Gan.Succeed([.. call, "--json"]).Output)!;
        var lines = Gan.Succeed(call).Output.TrimEnd().Split('\n');

        Assert.That(json["batches"]!.AsArray().Select(batch => ((int)batch!["batch"]!, batch["files"]!.AsArray().Count)), Is.EqualTo([(1, 2), (2, 2)]));
        Assert.That((double)json["batches"]![0]!["files"]![1]!["toFirst"]!["median"]!, Is.GreaterThan(0));
        Assert.That(lines, Has.Length.EqualTo(1 + 2 + 4));
        Assert.That(lines[4], Does.Match(@"^\| 1 \| .*fast\.onnx \| [0-9,]+ \| \d+\.\d\d \(\d+\.\d\d … \d+\.\d\d\) \|$"));
    }

    [Test]
    public void A_run_is_exported_in_int8()
    {
        Gan.Succeed("train", "--data", "synthetic:digits", "--out", _folder["run"], "--kimg", "1", "--width", "16", "--batch", "100");

        var result = Gan.Succeed("export", _folder["run"], "--out", _folder["run.onnx"], "--precision", "int8", "--min-psnr", "25", "--output", "uint8", "--json");

        Assert.That((string)JsonNode.Parse(result.Output)!["figures"]!["precision"]!, Is.EqualTo("int8"));
        Assert.That(Gan.Succeed("inspect", _folder["run.onnx"]).Output, Does.Match("output +image uint8").And.Contain("computes in      int8 in "));
        Gan.Succeed("generate", _folder["run.onnx"], "--count", "2", "--out", _folder["digits.png"]);
        Fails(["export", _folder["run"], "--out", _folder["no.onnx"], "--min-psnr", "30"],
            "gan: --data, --split and --min-psnr are for --precision int8, whose images are compared with those in float32.");
    }

    [Test]
    public void A_model_from_image_to_image_needs_data()
    {
        var model = _folder["double.onnx"];
        using (var file = File.Create(model))
            ForeignModels.Upscaler("N", 3, "H", "W").Model.WriteTo(file);

        Fails(["quantize", model, "--out", _folder["no.onnx"]], $"gan: '{model}' makes images of images, so pictures as they will go in are needed to "
            + "measure the ranges of its values: say which.");
    }

    [TestCase("fast.png", "is no name for an ONNX file; use .onnx")]
    [TestCase("no.onnx", "90 dB are asked for", "--min-psnr", "90")]
    [TestCase("no.onnx", "'unknown' is neither a file nor a folder", "--data", "unknown")]
    [TestCase("no.onnx", "16 images are needed at least", "--count", "3")]
    public void Bad_input_gets_a_sentence_and_no_file(string name, string sentence, params string[] options)
    {
        var result = Gan.Run(["quantize", "fashion-dcgan", "--out", _folder[name], .. (options is ["--count", ..] ? [] : _quick), .. options]);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")), result.Error);
        Assert.That(result.Error.TrimEnd().Split('\n')[^1], Does.StartWith("gan: ").And.Contain(sentence));
        Assert.That(_folder[name], Does.Not.Exist);
    }

    [Test]
    public void A_part_of_divided_data_is_taken()
    {
        foreach (var part in new[] { "train", "test" })
            Gan.Succeed("generate", "fashion-dcgan", "--count", "16", "--seed", part == "test" ? "7" : "8", "--out", _folder[$"parts/{part}"]);
        string[] call = ["quantize", "fashion-dcgan", "--out", _folder["part.onnx"], "--data", _folder["parts"], .. _quick];

        var whole = Gan.Run(call);
        Assert.That((whole.ExitCode, whole.Error), Is.EqualTo((2, whole.Error)), whole.Output);
        Assert.That(whole.Error, Does.Contain("is divided into splits: test (16 images), train (16 images).").And.Contain("The option is --split."));
        Assert.That(Gan.Run([.. call, "--split", "valid"]).Error, Does.Contain("has no split 'valid'; there are: test (16 images), train (16 images)."));
        // 16 images are too few for a distance; that there are 16 of the part shows that it was taken.
        Assert.That(Gan.Run([.. call, "--split", "test"]).Error, Does.Not.Contain("--split"));
    }

    private void Fails(string[] call, string sentence)
    {
        var result = Gan.Run(call);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(result.Error.TrimEnd(), Is.EqualTo(sentence));
        Assert.That(_folder["no.onnx"], Does.Not.Exist);
    }
}
