using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Images;

#pragma warning disable OPENAI001 // experimental there

namespace GanOnnx.AspNetCore.Tests;

/// <summary>OpenAI's own client for .NET.</summary>
public sealed class OpenAIClientTests
{
    private readonly ModelFolder _folder = new();
    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var darker = _folder.Save(ForeignModels.Darker(new() { Task = ModelTask.Translate }, "N", 3, "H", "W"), "darker.onnx");
        _server = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-cgan")));
            options.Aliases["gpt-image-1"] = "fashion-cgan";
            options.Models.Add(new(darker));
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("gpt-image-1")]
    [TestCase("fashion-cgan")]
    public async Task It_gets_images(string model)
    {
        GeneratedImageCollection images = await Client(model).GenerateImagesAsync("Sandal", 3,
            new() { Size = new(64, 64), Quality = "auto", Background = GeneratedImageBackground.Auto, EndUserId = "me" });
        Assert.That(images, Has.Count.EqualTo(3));
        Assert.That(images.Select(image => image.ImageBytes.ToArray()[..4]), Has.All.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47 }));
    }

    [Test]
    public async Task It_gets_addresses()
    {
        GeneratedImage image = await Client("fashion-cgan").GenerateImageAsync("Bag", new() { ResponseFormat = GeneratedImageFormat.Uri });
        Assert.That((await _server.Client.GetByteArrayAsync(image.ImageUri))[..4], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47 }));
    }

    [Test]
    public async Task It_gets_edits()
    {
        using var picture = new SixLabors.ImageSharp.Image<SixLabors.ImageSharp.PixelFormats.Rgb24>(8, 8);
        GeneratedImage image = await Client("darker").GenerateImageEditAsync(
            new MemoryStream(ImageFile.Encode(picture, ".png")), "black.png", "any", new ImageEditOptions());
        Assert.That(image.ImageBytes.ToArray()[..4], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47 }));
    }

    [Test]
    public void It_hears_what_is_wrong() => Assert.That(() => Client("fashion-cgan").GenerateImageAsync("a cat"),
        Throws.InstanceOf<ClientResultException>().With.Message.Contains("'fashion-cgan' has no class 'a cat'. Its classes are 0 T-shirt/top"));

    [Test]
    public async Task It_lists_models()
    {
        var models = await new OpenAIClient(new ApiKeyCredential("none"), Options()).GetOpenAIModelClient().GetModelsAsync();
        Assert.That(models.Value.Select(model => model.Id), Is.EqualTo(["darker", "fashion-cgan", "gpt-image-1"]));
    }

    private ImageClient Client(string model) => new(model, new ApiKeyCredential("none"), Options());

    private OpenAIClientOptions Options() =>
        new() { Endpoint = new(_server.Address, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
}
