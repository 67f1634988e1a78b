using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GanOnnx.Audio;
using GanOnnx.Imaging;
using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Models that make sounds, served.</summary>
public sealed class SoundTests
{
    private readonly ModelFolder _folder = new();
    private TestServer _server = null!;
    private SoundGenerator _generator = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var (sounds, pictures) = (_folder.Save(TestModels.Sounding(["zero", "one", "two"]), "digits.onnx"),
            _folder.Save(TestModels.Generator(TestModels.Metadata), "pictures.onnx"));
        _generator = SoundGenerator.Load(sounds);
        _server = await TestServer.Start(options =>
        {
            options.Models.Add(new(sounds));
            options.Models.Add(new(pictures));
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _generator.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_sound_has_an_address()
    {
        using var response = await _server.Client.GetAsync("api/sounds/digits?seed=7&index=2&label=one");
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("audio/wav"));
        Assert.That((response.Headers.GetValues("X-Seed").Single(), response.Headers.GetValues("X-Label").Single()), Is.EqualTo(("7", "1")));
        await AssertIs(response, new(7, 2, 1));
    }

    [TestCase("two", 2)]
    [TestCase("1", 1)]
    [TestCase("any", null)]
    [TestCase("", null)]
    public async Task OpenAIs_speech_says_a_class(string input, int? label)
    {
        using var response = await _server.Client.PostAsJsonAsync("v1/audio/speech",
            new { model = "digits", input, voice = "alloy", response_format = "wav", seed = 3 });
        await AssertIs(response, new(3, 0, label));
    }

    [TestCase("digits", "seven", "wav", "has no class 'seven'")]
    [TestCase("digits", "one", "mp3", "response_format 'mp3' isn't possible here. Leave it out, or send wav.")]
    [TestCase("pictures", "one", "wav", "'pictures' makes no sounds. Choose another model.")]
    public async Task What_cant_be_said_is_refused(string model, string input, string format, string message)
    {
        using var response = await _server.Client.PostAsJsonAsync("v1/audio/speech", new { model, input, response_format = format });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(message.Replace("'", "\\u0027")).Or.Contain(message));
    }

    [Test]
    public async Task Two_classes_are_one_too_many()
    {
        using var response = await _server.Client.PostAsJsonAsync("v1/audio/speech", new { model = "digits", input = "one", label = "two" });
        Assert.That((string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["message"]!,
            Is.EqualTo("The prompt 'one' and the label '2' both name a class. Give one of them."));
    }

    [TestCase("api/images/digits?seed=1")]
    [TestCase("api/walks/digits?seeds=1,2&label=1")]
    public async Task It_makes_no_pictures(string address)
    {
        using var response = await _server.Client.GetAsync(address);
        Assert.That((response.StatusCode, (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!),
            Is.EqualTo((HttpStatusCode.BadRequest, "'digits' makes sounds: ask /api/sounds, or /v1/audio/speech.")));
    }

    [Test]
    public async Task OpenAIs_images_arent_made_of_it()
    {
        foreach (var format in new[] { "url", "b64_json" })
        {
            using var response = await _server.Client.PostAsJsonAsync("v1/images/generations",
                new { model = "digits", prompt = "one", response_format = format });
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), format);
        }
    }

    [Test]
    public async Task Tensors_go_through_as_those_of_any_model()
    {
        var latents = new float[TestModels.LatentSize];
        new LatentSampler(TestModels.LatentSize).Fill(5, 0, latents);
        using var response = await _server.Client.PostAsJsonAsync("v2/models/digits/infer", new
        {
            inputs = new object[]
            {
                new { name = "z", datatype = "FP32", shape = new[] { 1, TestModels.LatentSize }, data = latents },
                new { name = "label", datatype = "INT64", shape = new[] { 1 }, data = new[] { 2 } },
            },
        });
        var output = (await response.Content.ReadFromJsonAsync<JsonObject>())!["outputs"]![0]!;
        Assert.That(output["shape"]!.AsArray().Select(axis => (int)axis!), Is.EqualTo([1, 1, 32]));
        Assert.That(output["data"]!.AsArray().Select(value => (float)value!), Is.EqualTo(_generator.Generate(1, 5, 2).Values.ToArray()).Within(1e-5));
    }

    [Test]
    public async Task The_catalog_says_that_it_makes_sounds()
    {
        var model = (await _server.Client.GetFromJsonAsync<JsonObject>("api/models"))!["models"]![0]!;
        Assert.That(((string)model["name"]!, (string)model["task"]!, (int)model["rate"]!), Is.EqualTo(("digits", "sound", 8000)));
    }

    private async Task AssertIs(HttpResponseMessage response, Sample sample)
    {
        var made = _generator.Generate(1, sample.Seed, sample.Label, sample.Index);
        Assert.That(await response.Content.ReadAsByteArrayAsync(),
            Is.EqualTo(SoundFile.Encode(made, 0, Provenance.Of(_generator.Model, sample))));
    }
}
