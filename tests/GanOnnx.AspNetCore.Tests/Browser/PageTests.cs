using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GanOnnx.AspNetCore.Tests.Browser;

/// <summary>The page, clicked through as people do.</summary>
public sealed class PageTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private readonly ModelFolder _folder = new();
    private TestServer _server = null!;
    private Chromium _chromium = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _chromium = await Chromium.Start();
        SetDefaultExpectTimeout(60_000);
        var upscaler = _folder.Save(ForeignModels.Upscaler("N", 3, "H", "W"), "upscaler.onnx");
        var hostile = _folder.Save(TestModels.Conditional([Hostile, "b"], 2), "hostile.onnx");
        File.WriteAllText(Path.Combine(_folder.Path, "hostile.md"), $"# {Hostile}\n\n[a](javascript:alert(1)) {Hostile}");
        _server = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-cgan")));
            options.Models.Add(new(TestServer.Shipped("fashion-stylegan2")));
            options.Models.Add(new(upscaler));
            options.Models.Add(new(hostile, Hostile));
            options.Translator = new() { Input = new() { Range = ValueRange.Unit } };
        });
    }

    [TearDown]
    public Task Close() => _chromium.CloseAll();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Images_of_a_class_come_and_what_is_downloaded_is_the_librarys_file()
    {
        var page = await Open("fashion-cgan");
        await Expect(page.Locator(".tile img")).ToHaveCountAsync(12);
        await page.GetByLabel("Seed", new() { Exact = true }).FillAsync("42");
        await page.GetByLabel("Number").FillAsync("3");
        await page.GetByLabel("Class").SelectOptionAsync("Sandal");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync("3 images");
        await page.GetByRole(AriaRole.Button, new() { Name = "Seed 43 Sandal" }).ClickAsync();
        await Expect(page.Locator("#copy-code")).ToHaveTextAsync("gan generate fashion-cgan --seeds 43 --label Sandal --out pictures/");
        await page.GetByRole(AriaRole.Tab, new() { Name = "curl" }).ClickAsync();
        await Expect(page.Locator("#copy-code")).ToHaveTextAsync($"curl '{_server.Address}api/images/fashion-cgan?seed=43&label=Sandal' -o seed0043.png");

        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        using var image = generator.Generate(1, new Sample(43, Label: 5)).ToImage(0);
        Assert.That(await Download(page), Is.EqualTo(ImageFile.Encode(image, ".png",
            new() { Provenance = Provenance.Of(generator.Model, new(43, Label: 5)) })));
    }

    [Test]
    public async Task Controls_are_made_from_what_the_model_takes()
    {
        var page = await Open("fashion-cgan");
        await Expect(page.GetByLabel("Class")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Truncation", new() { Exact = true })).ToHaveCountAsync(0);
        await page.GetByLabel("Model").SelectOptionAsync("fashion-stylegan2");
        await Expect(page.GetByLabel("Class")).ToHaveCountAsync(0);
        await Expect(page.Locator("#license")).ToHaveTextAsync("MIT");

        // Truncated to nothing, all are the mean image.
        await page.GetByLabel("Truncation", new() { Exact = true }).FillAsync("0");
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await page.GetByText("Mix in another style").ClickAsync();
        await page.GetByLabel("From layer").FillAsync("6");
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await page.Locator(".tile .open").First.ClickAsync();
        await Expect(page.Locator("#copy-code")).ToContainTextAsync("--truncation 0 --style-mix 7:6");
    }

    [Test]
    public async Task Two_chosen_images_become_a_walk_that_loops_and_an_image_has_neighbours()
    {
        var page = await Open("fashion-cgan");
        await page.GetByLabel("Class").SelectOptionAsync("Bag");
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        var boxes = page.Locator(".choose input");
        await boxes.Nth(0).CheckAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Interpolate" })).ToBeDisabledAsync();
        await boxes.Nth(2).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Interpolate" }).ClickAsync();
        await Expect(page.Locator("#viewer img.big")).ToBeVisibleAsync();
        var path = Path.Combine(_folder.Path, "walk.gif");
        await File.WriteAllBytesAsync(path, await Download(page));
        Assert.That((Provenance.Read(path)!.Frames, Provenance.Read(path)!.Label), Is.EqualTo(("0-47 of 48", "8")));
        await page.Keyboard.PressAsync("Escape");

        await page.Locator(".tile .open").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show its neighbours" }).ClickAsync();
        await Expect(page.Locator(".neighbours img")).ToHaveCountAsync(8);
        await page.Locator(".neighbours .open").First.ClickAsync();
        await Expect(page.Locator("#copy-code")).ToContainTextAsync("gan interpolate fashion-cgan --seeds ");
    }

    [Test]
    public async Task What_is_drawn_becomes_a_picture_while_it_is_drawn_and_so_does_a_file()
    {
        var page = await Open("upscaler");
        var box = (await page.Locator("canvas").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 20, box.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 100, box.Y + 80, new() { Steps = 4 });
        await Expect(page.Locator("#status")).ToContainTextAsync("512 × 512 pixels");
        await page.Mouse.UpAsync();
        await Expect(page.GetByAltText("After")).ToBeVisibleAsync();
        await page.GetByLabel("Before and after").FillAsync("80");
        Assert.That(await page.Locator(".compare").EvaluateAsync<string>("e => e.style.getPropertyValue('--split')"), Is.EqualTo("80%"));

        using var picture = new SixLabors.ImageSharp.Image<SixLabors.ImageSharp.PixelFormats.Rgb24>(30, 20);
        await page.GetByLabel("Drop a picture here").SetInputFilesAsync(new FilePayload
        {
            Name = "small.png",
            MimeType = "image/png",
            Buffer = ImageFile.Encode(picture, ".png"),
        });
        await Expect(page.Locator("#status")).ToContainTextAsync("60 × 40 pixels");
        await page.GetByLabel("Drop a picture here").SetInputFilesAsync(new FilePayload { Name = "x.png", MimeType = "image/png", Buffer = [1, 2] });
        await Expect(page.Locator("#problem")).ToContainTextAsync("is no picture in a known format");
    }

    [Test]
    public async Task A_picture_is_checked()
    {
        var page = await Open("fashion-cgan");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check a picture" }).ClickAsync();
        var file = page.GetByLabel("Drop the picture to check here");
        using var generator = ImageGenerator.Load(TestServer.Shipped("fashion-cgan"));
        var sample = new Sample(5, Label: 3);
        using var image = generator.Generate(1, sample).ToImage(0);
        var ours = ImageFile.Encode(image, ".png", new() { Provenance = Provenance.Of(generator.Model, sample) });
        await file.SetInputFilesAsync(new FilePayload { Name = "ours.png", MimeType = "image/png", Buffer = ours });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "It holds" })).ToBeVisibleAsync();
        await Expect(page.Locator("#check")).ToContainTextAsync("made again: equal pixels.");
        await AssertAccessible(page);
        await file.SetInputFilesAsync(new FilePayload
        {
            Name = "bare.png",
            MimeType = "image/png",
            Buffer = ImageFile.Encode(image, ".png", new() { Provenance = null }),
        });
        await Expect(page.Locator("#check")).ToContainTextAsync("It says nothing of its origin.");
        await file.SetInputFilesAsync(new FilePayload { Name = "x.txt", MimeType = "text/plain", Buffer = [1, 2] });
        await Expect(page.Locator("#check .problem")).ToContainTextAsync("The body's type is");
    }

    [Test]
    public async Task Wrong_input_is_told_beside_it()
    {
        var page = await Open("fashion-cgan");
        await page.GetByLabel("Seed", new() { Exact = true }).FillAsync("18446744073709551616");
        await page.GetByLabel("Number").FocusAsync();
        await Expect(page.Locator("#problem")).ToHaveTextAsync("Seed is a whole number from 0 to 18446744073709551615.");
        await page.GetByLabel("Seed", new() { Exact = true }).FillAsync("18446744073709551615");
        await page.GetByLabel("Number").FillAsync("2");
        await page.GetByLabel("Number").PressAsync("Enter");
        await Expect(page.Locator("#problem")).ToBeHiddenAsync();
        // The last seed is followed by the first.
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Seed 0 ") })).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_server_that_is_gone_is_told_and_it_goes_on_when_it_is_back()
    {
        var first = await TestServer.Start("fashion-cgan");
        var port = first.Address.Port;
        var page = await _chromium.Open(first.Address);
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await first.Stop();
        await first.DisposeAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Expect(page.GetByText("The server doesn't answer.")).ToBeVisibleAsync();

        await using var again = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-cgan"))),
            options => options with { Port = port });
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await Expect(page.GetByText("The server doesn't answer.")).ToBeHiddenAsync();
    }

    [Test]
    public async Task It_can_be_used_by_keyboard_alone()
    {
        var page = await Open("fashion-cgan");
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await TabTo(page, "#controls input");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("5");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Seed 5 ") })).ToBeVisibleAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await TabTo(page, ".tile .open");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#viewer-title")).ToContainTextAsync("Seed 5, ");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("#viewer-title")).ToContainTextAsync("Seed 6, ");
        await TabTo(page, "#viewer a");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#viewer")).ToBeHiddenAsync();
        await TabTo(page, ".choose input");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#chosen")).ToBeVisibleAsync();
    }

    [TestCase("fashion-stylegan2", ColorScheme.Light)]
    [TestCase("fashion-cgan", ColorScheme.Dark)]
    [TestCase("upscaler", ColorScheme.Light)]
    public async Task Nothing_keeps_people_out(string model, ColorScheme scheme)
    {
        var page = await Open(model, scheme: scheme);
        if (model != "upscaler")
            await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await page.Locator("#about").EvaluateAsync("e => e.open = true");
        await AssertAccessible(page);
        if (model == "upscaler")
            return;
        await page.Locator(".choose input").First.CheckAsync();
        await AssertAccessible(page);
        await page.Locator(".tile .open").First.ClickAsync();
        await Expect(page.Locator("#viewer img.big")).ToBeVisibleAsync();
        await AssertAccessible(page);
    }

    [TestCase("fashion-stylegan2")]
    [TestCase("upscaler")]
    public async Task Nothing_is_wider_than_a_phone(string model)
    {
        var page = await Open(model, width: 400);
        await page.Locator("#about").EvaluateAsync("e => e.open = true");
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.EqualTo(400));
    }

    [Test]
    public async Task Names_never_become_markup()
    {
        var dialogs = 0;
        var page = await Open("fashion-cgan");
        page.Dialog += (_, dialog) =>
        {
            dialogs++;
            _ = dialog.DismissAsync();
        };
        await page.GetByLabel("Model").SelectOptionAsync(Hostile);
        await page.GetByLabel("Class").SelectOptionAsync(Hostile);
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await page.Locator(".tile .open").First.ClickAsync();
        await Expect(page.Locator("#viewer-title")).ToContainTextAsync(Hostile);
        Assert.That(await page.Locator("img[src=x], a[href^=javascript]").CountAsync(), Is.Zero);
        Assert.That(dialogs, Is.Zero);
    }

    [Test]
    public async Task It_asks_for_a_key_where_one_is_needed()
    {
        const string Key = "correct-horse-battery-staple";
        await using var server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-cgan"))),
            options => options with { Keys = TestServer.Keys(Key) });
        var page = await _chromium.Open(server.Address);
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync("a wrong key of somebody");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync(Key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        await page.Locator(".tile .open").First.ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "curl" }).ClickAsync();
        await Expect(page.Locator("#copy-code")).ToContainTextAsync("-H \"Authorization: Bearer $KEY\"");
    }

    [Test]
    public async Task It_asks_nothing_of_any_other_place_and_keeps_to_its_policy()
    {
        using var response = await _server.Client.GetAsync("");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain("default-src 'none'").And.Not.Contain("unsafe"));

        var page = await _chromium.Open(new("about:blank"));
        List<string> asked = [], said = [];
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(_server.Address.ToString());
        await Expect(page.Locator("#status")).ToHaveTextAsync("12 images");
        Assert.That(asked.Where(url => !url.StartsWith("blob:", StringComparison.Ordinal)), Has.All.StartsWith(_server.Address.ToString()));
        Assert.That(said, Is.Empty);
    }

    private async Task<IPage> Open(string model, int width = 1280, ColorScheme scheme = ColorScheme.Light) =>
        await _chromium.Open(new(_server.Address, $"?model={Uri.EscapeDataString(model)}"), width, scheme: scheme);

    private static async Task<byte[]> Download(IPage page)
    {
        await Expect(page.Locator("#viewer a[download]")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^blob:"));
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#viewer a[download]").ClickAsync());
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    private static async Task AssertAccessible(IPage page)
    {
        var result = await page.RunAxe();
        Assert.That(result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"), Is.Empty);
    }

    private static async Task TabTo(IPage page, string selector)
    {
        for (var i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                return;
        }
        Assert.Fail($"Tab doesn't lead to {selector}.");
    }
}
