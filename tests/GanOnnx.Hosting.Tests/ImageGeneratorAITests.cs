using System.Text.Json;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable MEAI001 // What is tested is experimental.

namespace GanOnnx.Hosting.Tests;

/// <summary>The generator behind Microsoft.Extensions.AI's interface: prompts, options, what comes back.</summary>
public sealed class ImageGeneratorAITests : IDisposable
{
    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1, ParallelBatches = 1, BatchSize = 4 };

    private readonly TemporaryFolder _files = new();
    private readonly ModelFolder _folder = new();
    private readonly ImageGenerator _conditional, _unconditional;

    public ImageGeneratorAITests()
    {
        _conditional = ImageGenerator.Load(_folder.Save(TestModels.Conditional(["cat", "dog", "Owl"], 3), "animals.onnx"), OnCpu);
        _unconditional = ImageGenerator.Load(_folder.Save(TestModels.Generator(), "faces.onnx"), OnCpu);
    }

    public void Dispose()
    {
        _conditional.Dispose();
        _unconditional.Dispose();
        _folder.Dispose();
        _files.Dispose();
    }

    [TestCase("dog", 1)]
    [TestCase("owl", 2)]
    [TestCase(" cat ", 0)]
    [TestCase("1", 1)]
    public async Task GenerateAsync_PromptWithAClass_MakesImagesOfIt(string prompt, int label)
    {
        var response = await _conditional.AsIImageGenerator().GenerateImagesAsync(prompt, Options(seed: 7, count: 6));

        var expected = _conditional.Generate(6, seed: 7, label: label);
        for (var i = 0; i < 6; i++)
        {
            var content = (DataContent)response.Contents[i];
            Assert.That(Pixels(content), Is.EqualTo(Pixels(expected, i)).Within(1), "a byte may round the other way in another batch");
            Assert.That(content.AdditionalProperties!["label"], Is.EqualTo(label));
        }
    }

    [Test]
    public async Task GenerateAsync_EmptyPrompt_LeavesTheClassesToTheSeed()
    {
        var response = await _conditional.AsIImageGenerator().GenerateImagesAsync("", Options(seed: 7, count: 5));

        var expected = _conditional.Generate(5, seed: 7);
        for (var i = 0; i < 5; i++)
            Assert.That(Pixels((DataContent)response.Contents[i]), Is.EqualTo(Pixels(expected, i)).Within(1));
    }

    [Test]
    public async Task GenerateAsync_APromptForAModelOfText_IsWhatTheImageShows()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Coloured("red"), "colours.onnx"),
            OnCpu with { TextEncoder = new ColourEncoder() });
        var response = await generator.AsIImageGenerator().GenerateImagesAsync("something blue", Options(seed: 7, count: 2));
        var none = await generator.AsIImageGenerator().GenerateImagesAsync(" ", Options(seed: 7, count: 1));

        foreach (var content in response.Contents.Cast<DataContent>())
        {
            Assert.That(Pixels(content).Take(3), Is.EqualTo(new byte[] { 0, 0, 255 }));
            Assert.That(content.AdditionalProperties!["prompt"], Is.EqualTo("something blue"));
        }
        Assert.That(Pixels((DataContent)none.Contents.Single()).Take(3), Is.EqualTo(new byte[] { 255, 0, 0 }), "a caption of its own");
    }

    [Test]
    public async Task GenerateAsync_WithoutOptions_MakesOnePngThatSaysHowToMakeItAgain()
    {
        var response = await _unconditional.AsIImageGenerator().GenerateAsync(new());

        var content = (DataContent)response.Contents.Single();
        var seed = (ulong)content.AdditionalProperties!["seed"]!;
        Assert.That(content.MediaType, Is.EqualTo("image/png"));
        Assert.That(content.Name, Is.EqualTo($"seed{seed:0000}-000000.png"));
        Assert.That(Pixels(content), Is.EqualTo(Pixels(_unconditional.Generate(1, seed), 0)).Within(1));
        Assert.That(((ImageBatch)response.RawRepresentation!).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GenerateAsync_WithoutASeed_MakesOtherImagesEachTime()
    {
        using var generator = _unconditional.AsIImageGenerator();
        HashSet<object?> seeds = [];
        for (var i = 0; i < 20; i++)
            seeds.Add((await generator.GenerateAsync(new())).Contents.Single().AdditionalProperties!["seed"]);

        // Two of 2^53 alike would be a chance of 2e-14.
        Assert.That(seeds, Has.Count.EqualTo(20));
    }

    [TestCase("image/png", new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' })]
    [TestCase("image/jpeg", new byte[] { 0xFF, 0xD8, 0xFF })]
    [TestCase("IMAGE/WebP", new byte[] { (byte)'R', (byte)'I', (byte)'F', (byte)'F' })]
    public async Task GenerateAsync_EveryFormat_SaysThatItIsGenerated(string mediaType, byte[] signature)
    {
        var options = Options(seed: 41, count: 2);
        options.MediaType = mediaType;

        var response = await _unconditional.AsIImageGenerator().GenerateImagesAsync("", options);

        var content = (DataContent)response.Contents[1];
        Assert.That(content.MediaType, Is.EqualTo(mediaType).IgnoreCase);
        Assert.That(content.Data.ToArray()[..signature.Length], Is.EqualTo(signature));
        var provenance = Provenance.Read(Save(content))!;
        Assert.That(provenance.DigitalSourceType, Is.EqualTo(Provenance.TrainedAlgorithmicMedia));
        Assert.That(provenance.Model, Is.EqualTo("faces"));
        Assert.That(provenance.ModelSha256, Is.EqualTo(_unconditional.Model.Sha256));
        Assert.That((provenance.Seeds, provenance.Indices), Is.EqualTo(("41", "1")));
    }

    [Test]
    public async Task GenerateAsync_ToldToLeaveTheProvenanceOut_LeavesItOut()
    {
        var response = await _unconditional.AsIImageGenerator(new() { Provenance = null }).GenerateAsync(new());

        Assert.That(Provenance.Read(Save((DataContent)response.Contents.Single())), Is.Null);
    }

    [Test]
    public async Task GenerateAsync_PropertiesReadFromJson_AreUnderstood()
    {
        var properties = JsonSerializer.Deserialize<Dictionary<string, object?>>("""{ "seed": 12, "label": "dog" }""")!;

        var response = await _conditional.AsIImageGenerator().GenerateAsync(new(), new() { AdditionalProperties = new(properties) });

        Assert.That(Pixels((DataContent)response.Contents.Single()),
            Is.EqualTo(Pixels(_conditional.Generate(1, 12, label: 1), 0)).Within(1));
    }

    [Test]
    public async Task GenerateAsync_Truncation_ReachesTheModel()
    {
        using var truncated = ImageGenerator.Load(_folder.Save(TestModels.Truncated(), "truncated.onnx"),
            OnCpu with { Pixels = new() { Range = ValueRange.Signed } });

        var response = await truncated.AsIImageGenerator()
            .GenerateAsync(new(), new() { AdditionalProperties = new() { ["seed"] = 3, ["truncation"] = 0.25 } });

        Assert.That(Pixels((DataContent)response.Contents.Single()),
            Is.EqualTo(Pixels(truncated.Generate(1, 3, truncation: 0.25f), 0)).Within(1));
    }

    [Test]
    public async Task GenerateAsync_EverythingGiven_ReachesTheModelAndIsTold()
    {
        using var styled = ImageGenerator.Load(_folder.Save(TestModels.Styled("cat", "dog"), "styled.onnx"), OnCpu);
        var asked = new AdditionalPropertiesDictionary { ["seed"] = 3, ["truncation"] = 0.25, ["styleMix"] = "9:1" };

        var response = await styled.AsIImageGenerator().GenerateImagesAsync("dog", new() { AdditionalProperties = asked });

        var content = (DataContent)response.Contents.Single();
        Assert.That(((ImageBatch)response.RawRepresentation!).Values.ToArray(),
            Is.EqualTo(styled.Generate(1, 3, 1, 0.25f, new StyleMix(9, 1)).Values.ToArray()).Within(1e-5f), "sums in another order");
        var origin = Provenance.Read(Save(content))!;
        Assert.That((origin.Seeds, origin.Indices, origin.Label, origin.Truncation, origin.StyleMix),
            Is.EqualTo(("3", "0", "1", "0.25", "9:1")));
        Assert.That(content.AdditionalProperties, Is.EquivalentTo(new Dictionary<string, object>
        {
            ["seed"] = 3UL,
            ["index"] = 0,
            ["label"] = 1,
            ["truncation"] = 0.25f,
            ["styleMix"] = "9:1",
        }));
    }

    [Test]
    public void GenerateAsync_UnknownClass_TellsTheClassesThereAre() =>
        Refuses(_conditional, "a red dress", new(),
            $"'{_conditional.Model.Path}' has no class 'a red dress'. Its classes are 0 cat, 1 dog, 2 Owl; give a name or a number.");

    [Test]
    public void GenerateAsync_PromptForAnUnconditionalModel_IsRefused() =>
        Refuses(_unconditional, "cat", new(),
            "'faces' is unconditional: it understands no prompt, and 'cat' was given. Leave the prompt empty.");

    [TestCase("label", "dog", "The prompt 'cat' and the label 'dog' both name a class. Give one of them.")]
    [TestCase("seed", -1, "The seed is '-1'; a whole number from 0 to 18446744073709551615 is expected.")]
    [TestCase("seed", "1e3", "The seed is '1e3'; a whole number from 0 to 18446744073709551615 is expected.")]
    [TestCase("styleMix", 7, "The style mixing is '7'; a seed and the layer from which on its style counts are expected, as 7:3.")]
    [TestCase("styleMix", "7:-1", "The style mixing is '7:-1'; a seed and the layer from which on its style counts are expected, as 7:3.")]
    [TestCase("truncation", "half", "The truncation is half; -2 to 2 is expected: 0 is the average image, 1 no truncation.")]
    public void GenerateAsync_WrongProperty_IsRefused(string name, object value, string sentence) =>
        Refuses(_conditional, "cat", new() { AdditionalProperties = new() { [name] = value } }, sentence);

    [Test]
    public void GenerateAsync_UnknownFormat_IsRefused() =>
        Refuses(_conditional, "cat", new() { MediaType = "image/tiff" },
            "Images can't be made as image/tiff. Ask for image/png, image/jpeg, image/webp.");

    [Test]
    public void GenerateAsync_OtherModel_IsRefused() =>
        Refuses(_conditional, "cat", new() { ModelId = "flux" },
            "The model 'flux' was asked for, but this is 'animals'. Leave the model out, or ask its generator.");

    [Test]
    public void EditImagesAsync_IsRefused() =>
        Assert.That(async () => await _conditional.AsIImageGenerator()
            .EditImageAsync(new DataContent(new byte[] { 1 }, "image/png"), "cat"),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(
                "'animals' makes images of noise and can't edit any, but original images were given. Leave them out."));

    [Test]
    public void GenerateAsync_Cancelled_IsCancelled() =>
        Assert.That(async () => await _conditional.AsIImageGenerator().GenerateAsync(new("cat"), null, new(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void GetService_KnowsTheGeneratorAndItsMetadata()
    {
        using var adapter = _conditional.AsIImageGenerator();

        Assert.That(adapter.GetService<ImageGenerator>(), Is.SameAs(_conditional));
        Assert.That(adapter.GetService<IImageGenerator>(), Is.SameAs(adapter));
        Assert.That(adapter.GetService<ImageGeneratorMetadata>()!.DefaultModelId, Is.EqualTo("animals"));
        Assert.That(adapter.GetService<HttpClient>(), Is.Null);
        Assert.That(adapter.GetService<ImageGenerator>("key"), Is.Null);
    }

    [Test]
    public void Adapter_InAContainer_LeavesTheGeneratorToIt()
    {
        var adapter = _unconditional.AsIImageGenerator();

        adapter.Dispose();

        Assert.That(_unconditional.Generate(1).Count, Is.EqualTo(1));
    }

    private static void Refuses(ImageGenerator generator, string prompt, ImageGenerationOptions options, string sentence) =>
        Assert.That(async () => await generator.AsIImageGenerator().GenerateImagesAsync(prompt, options),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));

    [TestCase(32, 8)]
    [TestCase(16, 16)]
    public async Task GenerateAsync_AnImageSize_IsTheSizeOfTheImages(int width, int height)
    {
        var options = Options(seed: 7, count: 1);
        options.ImageSize = new(width, height);

        var content = (DataContent)(await _unconditional.AsIImageGenerator().GenerateImagesAsync("", options)).Contents.Single();

        var size = SixLabors.ImageSharp.Image.Identify(content.Data.ToArray());
        Assert.That((size.Width, size.Height), Is.EqualTo((width, height)));
        Assert.That(Provenance.Read(Save(content))!.Seeds, Is.EqualTo("7"), "it still says where it comes from");
    }

    [TestCase(0, 16)]
    [TestCase(16, -1)]
    [TestCase(100_000, 100_000)]
    public void GenerateAsync_AnImageSizeThatCannotBe_IsRefused(int width, int height)
    {
        var options = Options(seed: 7, count: 1);
        options.ImageSize = new(width, height);
        Refuses(_unconditional, "", options,
            $"The image size is {width} × {height}; at least 1 × 1 and at most 64000000 pixels are expected.");
    }

    private static ImageGenerationOptions Options(int seed, int count) =>
        new() { Count = count, AdditionalProperties = new() { ["seed"] = seed } };

    private string Save(DataContent content)
    {
        File.WriteAllBytes(_files["image"], content.Data.ToArray());
        return _files["image"];
    }

    private static byte[] Pixels(DataContent content) => ImageReader.Read(new MemoryStream(content.Data.ToArray()), 16, 3);

    private static byte[] Pixels(ImageBatch images, int index)
    {
        var bytes = new byte[3 * 16 * 16];
        images.CopyBytesTo(index, bytes);
        return bytes;
    }
}
