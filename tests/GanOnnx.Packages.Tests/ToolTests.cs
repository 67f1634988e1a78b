using System.Text.Json.Nodes;
using System.Xml.Linq;
using GanOnnx.Imaging;

namespace GanOnnx.Packages.Tests;

/// <summary>gan as a .NET tool: packed for this system, installed from a folder of packages, and run.</summary>
public sealed class ToolTests
{
    private readonly TemporaryFolder _folder = new();
    private InstalledTool _tool = null!;

    [OneTimeSetUp]
    public void Install() => _tool = InstalledTool.Make(_folder, "inference/GanOnnx.Cli", "GanOnnx.Tool", "gan");

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void It_makes_images_of_a_model()
    {
        var model = Path.Combine(Repository.Root, "models/fashion-dcgan/model.onnx");
        var result = _tool.Run("generate", model, "--count", "2", "--device", "cpu", "--out", _folder["pair.png"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(Provenance.Read(_folder["pair.png"])!.Indices, Is.EqualTo("0-1"));
    }

    [Test]
    public void It_says_what_it_is_made_of()
    {
        var engines = JsonNode.Parse(_tool.Run("info", "--json").Output)!["engines"]!.AsArray()
            .ToDictionary(engine => (string)engine!["name"]!, engine => engine!);

        Assert.That((string)engines["ONNX Runtime"]["version"]!, Is.EqualTo(Versions.Of("Microsoft.ML.OnnxRuntime")));
        Assert.That(engines["TorchSharp"]["version"], Is.Null, "libtorch isn't in it");
    }

    [Test]
    public void It_tells_the_training_verbs_and_where_to_get_them()
    {
        Assert.That(_tool.Run("--help").Output, Does.Contain("  train        train a GAN on your pictures\n"));
        Assert.That(_tool.Run("train", "--help").Output, Does.StartWith("gan-training train: train a GAN on your pictures\n"));

        var result = _tool.Run("train", "--data", "my pictures", "--out", "runs/mine");
        var training = XElement.Load(Path.Combine(Repository.Root, "training/GanOnnx.Training.Cli/GanOnnx.Training.Cli.csproj"));
        string Property(string name) => training.Descendants(name).Single().Value;
        Assert.That((result.ExitCode, result.Error.TrimEnd()), Is.EqualTo((2,
            $"gan: train is in a tool of its own, because libtorch is large. Install it: dotnet tool install --global "
                + $"{Property("PackageId")}. "
            + $"Then: {Property("ToolCommandName")} train --data 'my pictures' --out runs/mine")));
    }

    [Test]
    public void It_is_small()
    {
        Assert.That(_tool.Size - _tool.NetworkSize - _tool.EncoderSize, Is.LessThan(30_000_000), "ONNX Runtime for one system, on the CPU");
        Assert.That(_tool.EncoderSize, Is.InRange(70_000_000, 84_000_000), "the encoder of gan generate --prompt, once");
        Assert.That(_tool.NetworkSize, Is.InRange(50_000_000, 64_300_000), "the network of gan evaluate, once");
    }

    [Test]
    public void It_completes()
    {
        Assert.That(_tool.Run("completion", "bash").Output, Does.EndWith("complete -o default -F _gan gan gan-serve gan-training\n"));
        Assert.That(_tool.Run("[suggest:9]", "gan inter").Output, Is.EqualTo("interpolate\n"));
    }
}
