using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GanOnnx.Imaging;
using GanOnnx.Tests.Shared.Models;
using GanOnnx.Video;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Models that make clips, served.</summary>
public sealed class VideoTests
{
    private readonly ModelFolder _folder = new();
    private TestServer _server = null!;
    private VideoGenerator _generator = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var (clips, pictures) = (_folder.Save(TestModels.Moving(["walk", "run", "fly"], channels: 3), "gaits.onnx"),
            _folder.Save(TestModels.Generator(TestModels.Metadata), "pictures.onnx"));
        _generator = VideoGenerator.Load(clips);
        _server = await TestServer.Start(options =>
        {
            options.Models.Add(new(clips));
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
    public async Task A_clip_has_an_address()
    {
        using var response = await _server.Client.GetAsync("api/videos/gaits?seed=7&index=2&label=run");
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/gif"));
        Assert.That((response.Headers.GetValues("X-Seed").Single(), response.Headers.GetValues("X-Label").Single()), Is.EqualTo(("7", "1")));
        var sample = new Sample(7, 2, 1);
        Assert.That(await response.Content.ReadAsByteArrayAsync(),
            Is.EqualTo(VideoFile.Encode(_generator.Generate(1, 7, 1, 2), 0, ".gif", Provenance.Of(_generator.Model, sample))));
    }

    [Test]
    public async Task A_class_that_is_drawn_is_said()
    {
        using var response = await _server.Client.GetAsync("api/videos/gaits?seed=4");
        Assert.That(response.Headers.GetValues("X-Label").Single(), Is.EqualTo($"{LatentSampler.Label(4, 0, 3)}"));
    }

    [Test]
    public async Task An_mp4_is_made_where_ffmpeg_is()
    {
        using var response = await _server.Client.GetAsync("api/videos/gaits?seed=4&format=mp4");
        if (!VideoFile.CanWriteMp4)
        {
            Assert.That((response.StatusCode, await Detail(response)), Is.EqualTo((HttpStatusCode.BadRequest,
                "MP4 files are written by the program ffmpeg, which isn't installed on this server. Ask for gif.")));
            return;
        }
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("video/mp4"));
        Assert.That((await response.Content.ReadAsByteArrayAsync()).AsSpan(4, 4).SequenceEqual("ftyp"u8), Is.True);
    }

    [TestCase("api/videos/gaits?label=swim", "has no class 'swim'")]
    [TestCase("api/videos/gaits?format=avi", "There is no format 'avi' of clips; there are: gif, mp4.")]
    [TestCase("api/videos/pictures?seed=1", "'pictures' makes no clips. Choose another model.")]
    [TestCase("api/videos/gaits?size=64x64", "size")]
    [TestCase("api/images/gaits?seed=1", "'gaits' makes clips: ask /api/videos.")]
    [TestCase("api/walks/gaits?seeds=1,2&label=1", "'gaits' makes clips: ask /api/videos.")]
    [TestCase("api/sounds/gaits?seed=1", "'gaits' makes no sounds. Choose another model.")]
    public async Task What_cant_be_is_refused_in_a_sentence(string address, string message)
    {
        using var response = await _server.Client.GetAsync(address);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await Detail(response), Does.Contain(message));
    }

    [Test]
    public async Task Tensors_go_through_as_those_of_any_model()
    {
        var latents = new float[14];
        new LatentSampler(14).Fill(5, 0, latents);
        using var response = await _server.Client.PostAsJsonAsync("v2/models/gaits/infer", new
        {
            inputs = new object[]
            {
                new { name = "z_content", datatype = "FP32", shape = new[] { 1, 6 }, data = latents[..6] },
                new { name = "z_motion", datatype = "FP32", shape = new[] { 1, 4, 2 }, data = latents[6..] },
                new { name = "label", datatype = "INT64", shape = new[] { 1 }, data = new[] { 2 } },
            },
        });
        var output = (await response.Content.ReadFromJsonAsync<JsonObject>())!["outputs"]![0]!;
        Assert.That(output["shape"]!.AsArray().Select(axis => (int)axis!), Is.EqualTo([1, 4, 3, 3, 4]));
        Assert.That(output["data"]!.AsArray().Select(value => (float)value!), Is.EqualTo(_generator.Generate(1, 5, 2).Values.ToArray()).Within(1e-5));
    }

    [Test]
    public async Task The_catalog_says_that_it_makes_clips()
    {
        var model = (await _server.Client.GetFromJsonAsync<JsonObject>("api/models"))!["models"]!.AsArray().Single(m => (string)m!["name"]! == "gaits")!;
        Assert.That(((string)model["task"]!, (int)model["frames"]!, (double)model["frames_per_second"]!, (int)model["channels"]!), Is.EqualTo(("video", 4, 5.0, 3)));
    }

    private static async Task<string> Detail(HttpResponseMessage response) =>
        (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!;
}
