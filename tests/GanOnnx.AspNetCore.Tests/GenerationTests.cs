namespace GanOnnx.AspNetCore.Tests;

/// <summary>OpenAI's images API, and images by address, on shipped models.</summary>
public sealed class GenerationTests
{
    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await TestServer.Start(options =>
    {
        options.Models.Add(new(TestServer.Shipped("fashion-cgan")));
        options.Aliases["gpt-image-1"] = "fashion-cgan";
        options.Models.Add(new(TestServer.Shipped("fashion-stylegan2")));
    });

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("Sandal", 5)]
    [TestCase("sandal", 5)]
    [TestCase("5", 5)]
    [TestCase("T-shirt/top", 0)]
    public async Task A_prompt_is_a_class(string prompt, int label)
    {
        var images = await _server.Client.Generate(new { model = "fashion-cgan", prompt, n = 2, seed = 7 }).Images();
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        Assert.That(images, Is.EqualTo(Library(generator, new(7, Label: label), 2)));
    }

    [TestCase("")]
    [TestCase("any")]
    [TestCase(null)]
    public async Task Without_a_class_a_conditional_model_draws_it(string? prompt)
    {
        var images = await _server.Client.Generate(new { model = "fashion-cgan", prompt, n = 3, seed = 7 }).Images();
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        Assert.That(images, Is.EqualTo(Library(generator, new(7), 3)));
    }

    [Test]
    public async Task An_alias_is_the_model_and_both_are_listed()
    {
        var byAlias = await _server.Client.Generate(new { model = "gpt-image-1", prompt = "Bag", seed = 1 }).Images();
        Assert.That(byAlias, Is.EqualTo(await _server.Client.Generate(new { model = "fashion-cgan", prompt = "Bag", seed = 1 }).Images()));

        var models = JsonNode.Parse(await _server.Client.GetStringAsync("v1/models"))!;
        Assert.That(models["data"]!.AsArray().Select(model => (string)model!["id"]!),
            Is.EqualTo(["fashion-cgan", "gpt-image-1", "fashion-stylegan2"]));
        Assert.That((string)JsonNode.Parse(await _server.Client.GetStringAsync("v1/models/gpt-image-1"))!["id"]!, Is.EqualTo("gpt-image-1"));
    }

    [Test]
    public async Task What_a_model_takes_can_be_asked_for()
    {
        var asked = new { model = "fashion-stylegan2", seed = 3, index = 2, truncation = 0.5, style_mix = "8:3" };
        var images = await _server.Client.Generate(asked).Images();
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-stylegan2"));
        Assert.That(images, Is.EqualTo(Library(generator, new(3, 2, StyleMix: new(8, 3), Truncation: 0.5f), 1)));
    }

    [Test]
    public async Task A_drawn_seed_is_told_and_makes_the_image_again()
    {
        using var response = await _server.Client.Generate(new { model = "fashion-cgan", prompt = "Bag" });
        var image = (await response.Json())["data"]![0]!;
        var again = await _server.Client.Generate(new { model = "fashion-cgan", prompt = "Bag", seed = (ulong)image["seed"]! }).Images();
        Assert.That(Convert.ToBase64String(again[0]), Is.EqualTo((string)image["b64_json"]!));
        var others = await _server.Client.Generate(new { model = "fashion-cgan", prompt = "Bag" }).Images();
        Assert.That(others, Is.Not.EqualTo(again));
    }

    [TestCase("png", "89504E47")]
    [TestCase("jpeg", "FFD8FF")]
    [TestCase("webp", "52494646")]
    public async Task Pictures_come_in_the_format_and_size_asked_for(string format, string begins)
    {
        var images = await _server.Client.Generate(new { model = "fashion-cgan", prompt = "Bag", seed = 1, size = "100x50", output_format = format, output_compression = 50 })
            .Images();
        Assert.That(Convert.ToHexString(images[0]), Does.StartWith(begins));
        Assert.That(Size(images[0]), Is.EqualTo((100, 50)));
    }

    [Test]
    public async Task What_clients_send_by_themselves_is_taken() => Assert.That(await _server.Client.Generate(new
    {
        model = "fashion-cgan",
        prompt = "Bag",
        size = "auto",
        quality = "auto",
        style = "vivid",
        background = "auto",
        moderation = "auto",
        user = "me",
        partial_images = 0,
        stream = false,
        response_format = (string?)null,
    }).Images(), Has.Length.EqualTo(1));

    [Test]
    public async Task An_address_leads_to_the_same_picture()
    {
        using var response = await _server.Client.Generate(
            new { model = "fashion-cgan", prompt = "T-shirt/top", n = 2, seed = ulong.MaxValue, response_format = "url", size = "64x64" });
        var addresses = (await response.Json())["data"]!.AsArray().Select(image => (string)image!["url"]!).ToArray();
        var images = await _server.Client.Generate(
            new { model = "fashion-cgan", prompt = "T-shirt/top", n = 2, seed = ulong.MaxValue, size = "64x64" }).Images();
        Assert.That(await Task.WhenAll(addresses.Select(_server.Client.GetByteArrayAsync)), Is.EqualTo(images));
    }

    [Test]
    public async Task A_stream_sends_each_image_as_an_event()
    {
        using var response = await _server.Client.Generate(new { model = "fashion-cgan", prompt = "Bag", n = 3, seed = 5, stream = true });
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(events, Has.All.StartsWith("event: image_generation.completed\ndata: {"));
        var sent = events.Select(text => JsonNode.Parse(text.Split("data: ")[1])!).ToArray();
        Assert.That(sent.Select(image => (int)image["index"]!), Is.EqualTo([0, 1, 2]));
        Assert.That(sent.Select(image => Convert.FromBase64String((string)image["b64_json"]!)),
            Is.EqualTo(await _server.Client.Generate(new { model = "fashion-cgan", prompt = "Bag", n = 3, seed = 5 }).Images()));
    }

    [Test]
    public async Task An_image_by_address_says_its_seed_and_its_origin()
    {
        using var response = await _server.Client.GetAsync("api/images/fashion-cgan?label=Bag");
        var seed = response.Headers.GetValues("X-Seed").Single();
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["bag.png"], await response.Content.ReadAsByteArrayAsync());
        var provenance = Provenance.Read(folder["bag.png"])!;
        Assert.That((provenance.Model, provenance.Seeds, provenance.Label, provenance.DigitalSourceType),
            Is.EqualTo(("fashion-cgan", seed, "8", Provenance.TrainedAlgorithmicMedia)));
    }

    [Test]
    public async Task A_walk_is_a_gif_that_loops_and_its_frames_are_pictures()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["walk.gif"],
            await _server.Client.GetByteArrayAsync("api/walks/fashion-stylegan2?seeds=1,5&frames=6&truncation=0.7"));
        var provenance = Provenance.Read(folder["walk.gif"])!;
        Assert.That((provenance.Seeds, provenance.Frames, provenance.Truncation), Is.EqualTo(("1,5", "0-5 of 6", "0.7")));

        // Where a walk begins is the first seed's own image.
        var first = await _server.Client.GetByteArrayAsync("api/walks/fashion-stylegan2?seeds=1,5&frames=6&frame=0");
        var own = await _server.Client.GetByteArrayAsync("api/images/fashion-stylegan2?seed=1");
        Assert.That(Pixels(first), Is.EqualTo(Pixels(own)).Within(1), "rounded the other way at most");
        var middle = await _server.Client.GetByteArrayAsync("api/walks/fashion-stylegan2?seeds=1,5&frames=6&frame=3");
        var other = await _server.Client.GetByteArrayAsync("api/images/fashion-stylegan2?seed=5");
        Assert.That(Pixels(middle), Is.EqualTo(Pixels(other)).Within(1));
    }

    [Test]
    public async Task The_page_is_told_what_the_models_take()
    {
        var models = JsonNode.Parse(await _server.Client.GetStringAsync("api/models"))!["models"]!.AsArray();
        Assert.That(models.Select(model => (string)model!["name"]!), Is.EqualTo(["fashion-cgan", "fashion-stylegan2"]));
        Assert.That(((string)models[0]!["license"]!, models[0]!["classes"]!.AsArray().Count, (string)models[0]!["task"]!),
            Is.EqualTo(("MIT", 10, "generate")));
        Assert.That(models[1]!["takes"]!.AsArray().Select(name => (string)name!), Is.SupersetOf(["truncation", "styleMix"]));
        Assert.That((int)models[1]!["style_layers"]!, Is.EqualTo(7));
        Assert.That((string)models[0]!["card"]!, Does.StartWith("# "));
        Assert.That(models.ToString(), Does.Not.Contain(Repository.Root), "where files are is nobody's business");
    }

    [Test]
    public void What_can_be_asked_for_is_what_the_library_knows()
    {
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        Assert.That(Requests.Asking.Names.Select(name => name.Replace("_", "", StringComparison.Ordinal)),
            Is.EquivalentTo(generator.Model.Asks.Select(name => name.ToLowerInvariant())));
    }

    private static byte[][] Library(ImageGenerator generator, Sample first, int count)
    {
        var images = generator.Generate(count, first);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            using var image = images.ToImage(i);
            return ImageFile.Encode(image, ".png",
                new() { Provenance = Provenance.Of(generator.Model, first with { Index = first.Index + (ulong)i }) });
        })];
    }

    private static byte[] Pixels(byte[] picture) => ImageReader.Read(new MemoryStream(picture), 32, 1);

    private static (int Width, int Height) Size(byte[] picture)
    {
        using var image = SixLabors.ImageSharp.Image.Load(picture);
        return (image.Width, image.Height);
    }
}
