using System.Net.Http.Headers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Models from image to image.</summary>
public sealed class EditTests
{
    private readonly ModelFolder _folder = new();
    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var metadata = new ModelMetadata { Task = ModelTask.Translate, Pixels = new() { Channels = "rgb" } };
        var darker = _folder.Save(ForeignModels.Darker(metadata, "N", 3, "H", "W"), "darker.onnx");
        var upscaler = _folder.Save(ForeignModels.Upscaler("N", 3, "H", "W"), "upscaler.onnx");
        _server = await TestServer.Start(options =>
        {
            options.Models.Add(new(darker));
            options.Models.Add(new(upscaler));
            options.Models.Add(new(TestServer.Shipped("fashion-dcgan")));
            options.Translator = new() { Input = new() { Range = ValueRange.Unit } };
            options.MaxPixels = 10_000;
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task A_picture_becomes_a_picture_marked_as_made_of_one()
    {
        using var response = await _server.Client.PostAsync("v1/images/edits", Form(Picture(20, 10, 200), ("model", "darker"), ("prompt", "any")));
        var json = await response.Json();
        var made = Convert.FromBase64String((string)json["data"]![0]!["b64_json"]!);
        using var image = Image.Load<Rgb24>(made);
        // Half as far from black.
        Assert.That((image.Width, image.Height, image[3, 3].R), Is.EqualTo((20, 10, (byte)100)));
        var path = Path.Combine(_folder.Path, "made.png");
        await File.WriteAllBytesAsync(path, made);
        Assert.That((Provenance.Read(path)!.DigitalSourceType, Provenance.Read(path)!.Model),
            Is.EqualTo((Provenance.CompositeWithTrainedAlgorithmicMedia, "darker")));
    }

    [Test]
    public async Task The_body_itself_may_be_the_picture()
    {
        using var content = new ByteArrayContent(Picture(20, 10, 200)) { Headers = { ContentType = new("image/png") } };
        using var response = await _server.Client.PostAsync("api/images/upscaler?format=webp", content);
        using var image = Image.Load(await response.Content.ReadAsByteArrayAsync());
        Assert.That((image.Width, image.Height, response.Content.Headers.ContentType!.MediaType), Is.EqualTo((40, 20, "image/webp")));
    }

    [Test]
    public async Task Several_pictures_come_back_in_their_order()
    {
        using var form = Form(Picture(8, 8, 200), ("model", "darker"));
        form.Add(new ByteArrayContent(Picture(8, 8, 100)), "image[]", "second.png");
        var images = await _server.Client.PostAsync("v1/images/edits", form).Images();
        Assert.That(images.Select(made => Image.Load<Rgb24>(made)[0, 0].R), Is.EqualTo(new byte[] { 100, 50 }));
    }

    [Test]
    public async Task A_stream_sends_each_as_an_event()
    {
        using var response = await _server.Client.PostAsync("v1/images/edits", Form(Picture(8, 8, 200), ("model", "darker"), ("stream", "true")));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("event: image_edit.completed\ndata: {"));
    }

    // While it is drawn, the page sends one picture after the other here.
    [TestCase(0, HttpStatusCode.ServiceUnavailable)]
    [TestCase(1, HttpStatusCode.GatewayTimeout)]
    public async Task A_picture_waits_for_its_turn_as_long_as_it_may(int queue, HttpStatusCode status)
    {
        await using var server = await TestServer.Start(options =>
        {
            options.Models.Add(new(Path.Combine(_folder.Path, "darker.onnx")));
            options.Translator = new() { ParallelBatches = 1 };
            options.PictureQueueLimit = queue;
        });
        var model = ((Models.ModelCatalog)server.Services.GetService(typeof(Models.ModelCatalog))!).Rent("darker");
        using (await model.Place(default))
            // Who gave up holds no place: otherwise the second would be 503.
            for (var i = 0; i < 3; i++)
            {
                using var refused = await Send(server, "api/images/darker?timeout=0.05");
                await Task.FromResult(refused).Problem(status);
                Assert.That(refused.Headers.RetryAfter?.Delta, Is.EqualTo(queue == 0 ? TimeSpan.FromSeconds(1) : (TimeSpan?)null));
            }
        model.Return();
        using var made = await Send(server, "api/images/darker");
        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.OK));

        static Task<HttpResponseMessage> Send(TestServer server, string address) => server.Client.PostAsync(address,
            new ByteArrayContent(Picture(20, 10, 200)) { Headers = { ContentType = new("image/png") } });
    }

    [TestCase("n", "2", "n is more than 1, but the same picture becomes the same picture each time. Leave n out.")]
    [TestCase("prompt", "a cat", "'darker' understands no prompt, and 'a cat' was given. Leave it empty, or send any.")]
    [TestCase("response_format", "url", "response_format 'url' isn't possible for edits: pictures aren't kept here. Send b64_json.")]
    [TestCase("seed", "3", "'seed' isn't known here.")]
    [TestCase("size", "1000x1000", "size would be 1000 × 1000 pixels; at most 10000 are made.")]
    [TestCase("mask", "x", "A mask isn't possible: these models make whole pictures. Leave it out.")]
    public async Task What_isnt_possible_is_told(string name, string value, string sentence) => Assert.That(
        await _server.Client.PostAsync("v1/images/edits", Form(Picture(8, 8, 1), ("model", "darker"), (name, value)))
            .Problem(HttpStatusCode.BadRequest), Does.StartWith(sentence));

    [Test]
    public async Task Pictures_that_cant_be_read_are_told()
    {
        Assert.That(await Edit("darker", "no picture"u8.ToArray()), Does.Contain("is no picture in a known format"));
        Assert.That(await Edit("darker", []), Does.Contain("picture"));
        Assert.That(await Edit("darker", Picture(8, 8, 1)[..60]), Does.Contain("picture"));
        Assert.That(await Edit("darker", Picture(101, 100, 1)), Does.Contain("more than the limit of 10,000"));
        Assert.That(await Edit("upscaler", Picture(80, 80, 1)), Is.EqualTo("the result would be 160 × 160 pixels; at most 10000 are made."));
        Assert.That(await Edit("fashion-dcgan", Picture(8, 8, 1)), Does.Contain("takes no picture"));
        Assert.That(await _server.Client.Generate(new { model = "darker" }).Problem(HttpStatusCode.BadRequest),
            Is.EqualTo("'darker' makes pictures of pictures: send it one to /v1/images/edits."));
        Assert.That(_server.Logged, Has.None.Contains("Exception"));
    }

    [Test]
    public async Task Without_a_picture_or_a_form_it_says_so()
    {
        using var form = new MultipartFormDataContent { { new StringContent("darker"), "model" } };
        Assert.That(await _server.Client.PostAsync("v1/images/edits", form).Problem(HttpStatusCode.BadRequest),
            Is.EqualTo("image is missing; a picture as a file of the form is expected."));
        Assert.That(await _server.Client.PostAsJsonAsync("v1/images/edits", new { model = "darker" })
            .Problem(HttpStatusCode.UnsupportedMediaType), Is.EqualTo("The body's type isn't one that this address takes."));
        using var broken = new StringContent("--x\r\nnonsense");
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.That(await _server.Client.PostAsync("v1/images/edits", broken).Problem(HttpStatusCode.BadRequest), Does.StartWith("The form can't be read"));
    }

    private Task<string> Edit(string model, byte[] picture) =>
        _server.Client.PostAsync("v1/images/edits", Form(picture, ("model", model))).Problem(HttpStatusCode.BadRequest);

    private static MultipartFormDataContent Form(byte[] picture, params (string Name, string Value)[] values)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(picture), "image", "picture.png" } };
        foreach (var (name, value) in values)
            form.Add(new StringContent(value), name);
        return form;
    }

    private static byte[] Picture(int width, int height, byte grey)
    {
        using var image = new Image<Rgb24>(width, height, new(grey, grey, grey));
        return ImageFile.Encode(image, ".png");
    }
}
