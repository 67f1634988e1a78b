using System.Net.Sockets;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Requests that can't be done get a 4xx answer, a problem document that says what there is, and leave no exception in the
/// log.</summary>
public sealed class BadRequestTests
{
    private const string Generations = "v1/images/generations";

    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await TestServer.Start("fashion-cgan", "fashion-dcgan");

    [OneTimeTearDown]
    public async Task Stop()
    {
        Assert.That(_server.Logged, Has.None.Contains("Exception"));
        Assert.That(_server.Logged, Has.None.StartsWith("Error"));
        await _server.DisposeAsync();
    }

    [TestCase("{", "The body is no JSON that can be read: it goes wrong in line 1, byte 2.")]
    [TestCase("", "The body is no JSON that can be read: it goes wrong in line 1, byte 1.")]
    [TestCase("[]", "The body's JSON is no object; one like {\"prompt\":\"any\"} is expected.")]
    [TestCase("null", "The body's JSON is no object; one like {\"prompt\":\"any\"} is expected.")]
    [TestCase("{}", "Which model? There are fashion-cgan, fashion-dcgan.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"seeds\":1}", "'seeds' isn't known here. There are model, prompt, n, ")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"n\":\"many\"}", "n is 'many'; a number is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"n\":11}", "n is 11; a whole number from 1 to 10 is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"n\":0}", "n is 0; a whole number from 1 to 10 is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"n\":1.5}", "n is 1.5; a whole number from 1 to 10 is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"n\":[1]}", "n is a list; a number is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"n\":1e400}", "n is 1e400; a whole number from 1 to 10 is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"n\":1,\"n\":2}", "n is there twice. Give it once.")]
    [TestCase("{\"model\":{\"a\":1}}", "model is an object; text is expected.")]
    [TestCase("{\"model\":\"\\ud800\"}", "The body is no JSON that can be read: a text in it is no Unicode.")]
    [TestCase("{\"\\ud800\":1}", "The body is no JSON that can be read: a text in it is no Unicode.")]
    [TestCase("{\"model\":true}", "model is true; text is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"seed\":-1}", "seed is -1; a whole number from 0 to 18446744073709551615 is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"stream\":\"yes\"}", "stream is 'yes'; true or false is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"timeout\":0}", "timeout is 0; seconds from 0.01 to 86400 is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"size\":\"large\"}", "size is 'large'; auto, or width and height in pixels, 1 to 16383, as 256x256 is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"size\":\"0x8\"}", "size is '0x8'; auto")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"size\":\"99999x1\"}", "size is '99999x1'; auto")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"size\":\"16000x16000\"}", "size would be 16000 × 16000 pixels; at most 16000000 are made.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"quality\":\"hd\"}", "quality 'hd' isn't possible here. Leave it out, or send auto or standard.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"style\":\"natural\"}", "style 'natural' isn't possible here. Leave it out, or send vivid.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"background\":\"transparent\"}", "background 'transparent' isn't possible here.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"moderation\":\"low\"}", "moderation 'low' isn't possible here.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"partial_images\":2}", "partial_images '2' isn't possible here.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"output_format\":\"gif\"}", "output_format is 'gif'; png or jpeg or webp is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"response_format\":\"file\"}", "response_format is 'file'; url or b64_json is expected.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"prompt\":\"a cat\"}", "'fashion-dcgan' understands no prompt, and 'a cat' was given. Leave it empty, or send any.")]
    [TestCase("{\"model\":\"fashion-cgan\",\"prompt\":\"cow\"}", "'fashion-cgan' has no class 'cow'. Its classes are 0 T-shirt/top, 1 Trouser, ")]
    [TestCase("{\"model\":\"fashion-cgan\",\"prompt\":\"10\"}", "'fashion-cgan' has no class 10.")]
    [TestCase("{\"model\":\"fashion-cgan\",\"prompt\":\"Bag\",\"label\":1}", "The prompt 'Bag' and the label '1' both name a class. Give one of them.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"truncation\":0.5}", "'fashion-dcgan' takes no truncation.")]
    [TestCase("{\"model\":\"fashion-dcgan\",\"style_mix\":\"3:1\"}", "'fashion-dcgan' ")]
    public async Task A_body_that_cant_be_done_is_told_why(string body, string sentence) => Assert.That(
        await Post(Generations, body).Problem(HttpStatusCode.BadRequest), Does.StartWith(sentence));

    [TestCase("../../etc/passwd")]
    [TestCase("/etc/passwd")]
    [TestCase("models/fashion-cgan")]
    [TestCase("fashion-cgan/model.onnx")]
    [TestCase("http://127.0.0.1/model.onnx")]
    [TestCase("<script>alert(1)</script>")]
    [TestCase("\u001b[31m\n\r")]
    public async Task A_name_is_never_a_path(string name)
    {
        Assert.That(await _server.Client.Generate(new { model = name }).Problem(HttpStatusCode.NotFound),
            Is.EqualTo($"There is no model '{name}'. There are fashion-cgan, fashion-dcgan."));
        await _server.Client.GetAsync($"api/images/{Uri.EscapeDataString(name)}").Problem(HttpStatusCode.NotFound);
        await _server.Client.GetAsync($"v1/models/{Uri.EscapeDataString(name)}").Problem(HttpStatusCode.NotFound);
        Assert.That(_server.Logged, Has.None.Contains(name), "nor in the log");
    }

    [TestCase("api/images/fashion-cgan?seed=-1", "seed is '-1'; a whole number from 0 to 18446744073709551615 is expected.")]
    [TestCase("api/images/fashion-cgan?seed=many", "seed is 'many'; a whole number from 0 to 18446744073709551615 is expected.")]
    [TestCase("api/images/fashion-cgan?sed=1", "'sed' isn't known here.")]
    [TestCase("api/images/fashion-cgan?seed=1&seed=2", "seed is there twice. Give it once.")]
    [TestCase("api/images/fashion-cgan?label=cow", "'fashion-cgan' has no class 'cow'.")]
    [TestCase("api/images/fashion-cgan?format=tiff", "format is 'tiff'; png or jpeg or webp is expected.")]
    [TestCase("api/walks/fashion-dcgan", "seeds is missing; two seeds or more, as 1,5,9, is expected.")]
    [TestCase("api/walks/fashion-dcgan?seeds=1", "seeds is '1'; 2 to 16 seeds, as 1,5,9, is expected.")]
    [TestCase("api/walks/fashion-dcgan?seeds=1,x", "seeds is '1,x'; 2 to 16 seeds, as 1,5,9, is expected.")]
    [TestCase("api/walks/fashion-dcgan?seeds=1,2&frames=100000", "frames is '100000'; a whole number from 2 to 240 is expected.")]
    [TestCase("api/walks/fashion-dcgan?seeds=1,2&frames=8&frame=8", "frame is '8'; a whole number from 0 to 7 is expected.")]
    [TestCase("api/walks/fashion-cgan?seeds=1,2", "'fashion-cgan' is conditional, and a walk keeps to one class: give it with label.")]
    public async Task An_address_that_cant_be_done_is_told_why(string address, string sentence) => Assert.That(
        await _server.Client.GetAsync(address).Problem(HttpStatusCode.BadRequest), Does.StartWith(sentence));

    [TestCase("nothing", "There is nothing at this address.")]
    [TestCase("v1/../../etc/passwd", "There is nothing at this address.")]
    [TestCase("page/..%2f..%2fappsettings.json", "There is nothing at this address.")]
    public async Task What_isnt_there_is_told(string address, string sentence) =>
        Assert.That(await _server.Client.GetAsync(address).Problem(HttpStatusCode.NotFound), Does.StartWith(sentence));

    [Test]
    public async Task Another_method_and_another_type_are_told()
    {
        Assert.That(await _server.Client.DeleteAsync("v1/models").Problem(HttpStatusCode.MethodNotAllowed), Is.EqualTo(
            "This address takes GET, and no other method."));
        // A form of another site's page could be sent as text without asking first.
        Assert.That(await _server.Client.PostAsync(Generations, new StringContent("{}", Encoding.UTF8, "text/plain"))
            .Problem(HttpStatusCode.UnsupportedMediaType), Is.EqualTo("The body's type isn't one that this address takes."));
    }

    [Test]
    public async Task A_body_that_is_too_large_is_refused_whether_it_says_so_or_not()
    {
        var large = new byte[(16 << 20) + 1];
        // It sends nothing before it hears that it may.
        using var measured = new HttpRequestMessage(HttpMethod.Post, Generations) { Content = new ByteArrayContent(large) };
        (measured.Headers.ExpectContinue, measured.Content.Headers.ContentType) = (true, new("application/json"));
        Assert.That(await _server.Client.SendAsync(measured).Problem(HttpStatusCode.RequestEntityTooLarge), Does.Contain("16777216 bytes"));
        Assert.That(await Post(Generations, new StreamContent(new Unmeasured(large))).Problem(HttpStatusCode.RequestEntityTooLarge),
            Does.Contain("16777216 bytes"));
    }

    [Test]
    public async Task A_nested_body_is_refused()
    {
        var body = $"{{\"model\":{new string('[', 100_000)}{new string(']', 100_000)}}}";
        Assert.That(await Post(Generations, body).Problem(HttpStatusCode.BadRequest), Does.StartWith("The body is no JSON that can be read"));
    }

    [Test]
    public async Task Another_host_is_refused()
    {
        // A name of another site that leads to this machine, as in DNS rebinding.
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models") { Headers = { Host = "evil.example" } };
        await _server.Client.SendAsync(request).Problem(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task What_is_no_http_is_answered_and_forgotten()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port);
        await client.GetStream().WriteAsync("\u0016\u0003\u0001 nonsense\r\n\r\n"u8.ToArray());
        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync();
        Assert.That(answer, Does.StartWith("HTTP/1.1 400"));
    }

    private Task<HttpResponseMessage> Post(string address, string body) => Post(address, new StringContent(body));

    private Task<HttpResponseMessage> Post(string address, HttpContent content)
    {
        content.Headers.ContentType = new("application/json");
        return _server.Client.PostAsync(address, content);
    }

    /// <summary>A stream that doesn't say how long it is.</summary>
    private sealed class Unmeasured(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
