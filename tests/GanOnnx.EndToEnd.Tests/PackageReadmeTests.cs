using System.Text.RegularExpressions;
using GanOnnx.ContentCredentials;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Training;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>The first C# of each library's README is this file's (GanOnnx.Export's and GanOnnx.ML's is in their own tests): it compiles and
/// runs.</summary>
public sealed partial class PackageReadmeTests
{
    private static readonly string _source = Path.Combine(Repository.Root, "tests/GanOnnx.EndToEnd.Tests/PackageReadmeTests.cs");

    [Test]
    public async Task The_snippets_run()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.CurrentDirectory;
        try
        {
            Directory.CreateSymbolicLink(folder["models"], Path.Combine(Repository.Root, "models"));
            File.WriteAllText(folder["appsettings.json"], Json().Match(Readme("inference/GanOnnx.Hosting")).Groups[1].Value);
            Environment.CurrentDirectory = folder.Path;

            Assert.That(Inference(), Has.Length.EqualTo(32 * 32));
            Assert.That(Imaging(), Is.Not.Empty);
            Assert.That(Provenance.Read("garment.png")!.Seeds, Is.EqualTo("42"));
            Assert.That(ContentCredentials().Holds);
            Assert.That((await Hosting()).Count, Is.EqualTo(4));
            Training();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [TestCase("inference/GanOnnx.Inference")]
    [TestCase("inference/GanOnnx.Imaging")]
    [TestCase("inference/GanOnnx.ContentCredentials")]
    [TestCase("inference/GanOnnx.Hosting")]
    [TestCase("training/GanOnnx.Training")]
    public void The_readme_shows_the_code_that_is_tested(string project)
    {
        var name = project.Split('.')[1];
        var tested = Regex.Match(File.ReadAllText(_source).ReplaceLineEndings("\n"),
            $"(?s)// readme {name}\n(.*?)// readme ends").Groups[1].Value;
        var shown = Shown().Match(Readme(project)).Groups[1].Value;

        Assert.That(Lines(shown), Is.EqualTo(Lines(tested)).And.Not.Empty);
        Assert.That(Usings(shown), Is.SubsetOf(Usings(File.ReadAllText(_source))));
    }

    private static float[] Inference()
    {
        // readme Inference
        using var generator = ImageGenerator.Load("models/fashion-dcgan");
        ImageBatch images = generator.Generate(count: 16, seed: 42);
        ReadOnlySpan<float> first = images[0]; // [C, H, W], −1 … 1
        Console.WriteLine($"{images.Count} images of {images.Channels} × {images.Height} × {images.Width}, made on {generator.Provider}");
        // readme ends
        return first.ToArray();
    }

    private static CredentialReport ContentCredentials()
    {
        // readme ContentCredentials
        using var identity = SigningIdentity.OfUser("signing", out _);
        var claim = new PictureClaim
        {
            Generator = "My program",
            DigitalSourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            Parameters = new Dictionary<string, string> { ["org.example.seed"] = "42" },
        };
        File.WriteAllBytes("signed.png", ContentCredential.Sign(File.ReadAllBytes("models/fashion-dcgan/preview.png"), claim, identity));
        using var file = File.OpenRead("signed.png");
        var report = ContentCredential.Read(file)!;
        Console.WriteLine(report.Holds ? $"as it was signed by {report.Signer}" : report.Problems[0].Message);
        // readme ends
        return report;
    }

    private static byte[] Imaging()
    {
        // readme Imaging
        using var generator = ImageGenerator.Load("models/fashion-dcgan");
        var origin = new Provenance { Model = generator.Model.Name, ModelSha256 = generator.Model.Sha256, Seeds = "42", Indices = "0" };
        using var image = generator.Generate(count: 1, seed: 42).ToImage(0);
        ImageFile.Save(image, "garment.png", new ImageSaveOptions { Provenance = origin });
        byte[] webp = ImageFile.Encode(image, ".webp");
        Console.WriteLine(Provenance.Read("garment.png")?.DigitalSourceType);
        // readme ends
        return webp;
    }

    private static async Task<ImageBatch> Hosting()
    {
        // readme Hosting
        var builder = Host.CreateApplicationBuilder(); // or WebApplication.CreateBuilder(args)
        builder.Services.AddImageGenerator(builder.Configuration.GetSection("ImageGenerator"));
        builder.Services.AddHealthChecks().AddImageGenerator();
        using var host = builder.Build();
        await host.StartAsync();

        var generator = host.Services.GetRequiredService<ImageGenerator>(); // or a parameter of an endpoint
        ImageBatch images = await generator.GenerateAsync(count: 4, seed: 42);
        // readme ends
        return images;
    }

    private static void Training()
    {
        // readme Training
        var run = new TrainingRun { Data = "pictures/", Folder = "runs/mine", Options = new TrainingOptions { Size = 64, Kimg = 2000 } };
        run.Options.Validate();
        // readme ends
    }

    private static string Readme(string project) =>
        File.ReadAllText(Path.Combine(Repository.Root, project, "README.md")).ReplaceLineEndings("\n");

    private static string[] Lines(string code) =>
        [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !Using().IsMatch(line))];

    private static string[] Usings(string code) => [.. code.Split('\n').Select(line => line.Trim()).Where(line => Using().IsMatch(line))];

    [GeneratedRegex("^using [A-Z][A-Za-z.]*;$")]
    private static partial Regex Using();

    [GeneratedRegex("(?s)```csharp\n(.*?)```")]
    private static partial Regex Shown();

    [GeneratedRegex("(?s)```json\n(.*?)```")]
    private static partial Regex Json();
}
