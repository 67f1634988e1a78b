using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using GanOnnx.Imaging;

namespace GanOnnx.EndToEnd.Tests.Packages;

/// <summary>gan as a .NET tool: packed for this system, installed from a folder of packages, and run.</summary>
public sealed class ToolTests
{
    private const string Package = "GanOnnx.Tool";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void Install()
    {
        var project = Path.Combine(Repository.Root, "inference/GanOnnx.Cli");
        // -m:1: the libraries are built for both packages, which must not happen at once.
        Dotnet("pack", project, "-m:1", "-c", PackedLibraries.IsRelease ? "Release" : "Debug", "-p:Tool=true",
            $"-p:ToolPackageRuntimeIdentifiers={RuntimeInformation.RuntimeIdentifier}", "-o", _folder["feed"],
            "-nologo", "-v:quiet", "-nodeReuse:false", "-p:NuGetAudit=false");
        Dotnet("tool", "install", Package, "--tool-path", _folder["tools"], "--source", _folder["feed"]);
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void It_makes_images_of_a_model()
    {
        var model = Path.Combine(Repository.Root, "models/fashion-dcgan/model.onnx");
        var result = Run("generate", model, "--count", "2", "--device", "cpu", "--out", _folder["pair.png"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(Provenance.Read(_folder["pair.png"])!.Indices, Is.EqualTo("0-1"));
    }

    [Test]
    public void It_says_what_it_is_made_of()
    {
        var engines = JsonNode.Parse(Run("info", "--json").Output)!["engines"]!.AsArray()
            .ToDictionary(engine => (string)engine!["name"]!, engine => engine!);

        Assert.That((string)engines["ONNX Runtime"]["version"]!, Is.EqualTo(Versions.Of("Microsoft.ML.OnnxRuntime")));
        Assert.That(engines["TorchSharp"]["version"], Is.Null, "libtorch isn't in it");
    }

    [Test]
    public void It_tells_the_training_verbs_and_where_to_get_them()
    {
        Assert.That(Run("--help").Output, Does.Contain("  train        train a GAN on your pictures\n"));
        Assert.That(Run("train", "--help").Output, Does.StartWith("gan-training train: train a GAN on your pictures\n"));

        var result = Run("train", "--data", "my pictures", "--out", "runs/mine");
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
        var size = new FileInfo(Directory.GetFiles(_folder["feed"], $"{Package}.{RuntimeInformation.RuntimeIdentifier}.*.nupkg")
            .Single()).Length;
        Assert.That(size, Is.LessThan(30_000_000), "ONNX Runtime for one system, on the CPU");
    }

    private GanResult Run(params string[] arguments) => Start(Path.Combine(_folder["tools"], "gan"), arguments);

    private void Dotnet(params string[] arguments)
    {
        var result = Start("dotnet", arguments);
        Assert.That(result.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
    }

    private GanResult Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = _folder.Path };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // What the test runner's own MSBuild left for its children.
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToList())
            start.Environment.Remove(inherited);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} didn't end within {_patience}.");
        }
        return new GanResult(process.ExitCode, output.Result, error.Result);
    }
}
