using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GanOnnx.Tests.Shared.Models;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Models that take prompts, served.</summary>
public sealed class PromptTests
{
    private readonly ModelFolder _folder = new();
    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await TestServer.Start(options =>
    {
        options.Generator = options.Generator with { TextEncoder = new ColourEncoder() };
        options.Models.Add(new(_folder.Save(TestModels.Coloured("red"), "colours.onnx")));
    });

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("a blue one", 0, 0, 255)]
    [TestCase("", 255, 0, 0)]
    [TestCase("any", 255, 0, 0)]
    [TestCase(null, 255, 0, 0)]
    public async Task OpenAIs_prompt_is_what_the_image_shows(string? prompt, byte red, byte green, byte blue)
    {
        using var response = await _server.Client.PostAsJsonAsync("v1/images/generations", new { prompt, seed = 3, size = "8x8" });
        var image = (await response.Content.ReadFromJsonAsync<JsonObject>())!["data"]![0]!;

        Assert.That(Pixel(Convert.FromBase64String((string)image["b64_json"]!)), Is.EqualTo(new Rgb24(red, green, blue)));
        Assert.That((string?)image["prompt"], Is.EqualTo(prompt is null or "" or "any" ? null : prompt));
    }

    [Test]
    public async Task An_address_has_the_prompt()
    {
        using var response = await _server.Client.PostAsJsonAsync("v1/images/generations",
            new { prompt = "blue & green?", seed = 3, response_format = "url" });
        var address = (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["data"]![0]!["url"]!;

        Assert.That(Pixel(await _server.Client.GetByteArrayAsync(address)), Is.EqualTo(new Rgb24(0, 255, 255)));
        Assert.That(Pixel(await _server.Client.GetByteArrayAsync("api/images/colours?seed=1&prompt=green")), Is.EqualTo(new Rgb24(0, 255, 0)));
        using var longest = await _server.Client.GetAsync($"api/images/colours?seed=1&prompt={Uri.EscapeDataString(new string('猫', 1000))}");
        Assert.That(longest.StatusCode, Is.EqualTo(HttpStatusCode.OK), "as long as a prompt can be");
    }

    [TestCase("red\u0007", "The prompt has the character U+0007, which is no text. Leave it out.")]
    [TestCase("LONG", "The prompt has 10,000 characters; 1,000 at most are possible. Say it shorter.")]
    public async Task A_prompt_that_is_none_is_refused(string prompt, string message)
    {
        using var response = await _server.Client.PostAsJsonAsync("v1/images/generations",
            new { prompt = prompt == "LONG" ? new string('x', 10_000) : prompt });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["message"]!, Is.EqualTo(message));
    }

    [Test]
    public async Task The_catalog_says_that_it_takes_prompts()
    {
        var model = (await _server.Client.GetFromJsonAsync<JsonObject>("api/models"))!["models"]![0]!;

        Assert.That((string)model["task"]!, Is.EqualTo("text-to-image"));
        Assert.That(model["takes"]!.AsArray().Select(name => (string)name!), Is.EqualTo(["prompt"]));
        Assert.That(model["prompts"]!.AsArray().Select(name => (string)name!), Is.EqualTo(["red"]));
    }

    private static Rgb24 Pixel(byte[] picture)
    {
        using var image = Image.Load<Rgb24>(picture);
        return image[0, 0];
    }
}
