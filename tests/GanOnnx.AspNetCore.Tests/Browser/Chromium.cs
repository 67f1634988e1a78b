using Microsoft.Playwright;

namespace GanOnnx.AspNetCore.Tests.Browser;

/// <summary>Debian's chromium, steered by Playwright.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] _places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it, or skips the test where there is none.</summary>
    public static async Task<Chromium> Start()
    {
        if (Array.Find(_places, File.Exists) is not { } path)
        {
            Assert.Ignore("There is no chromium here; on Debian, ./gan test installs it as root.");
            throw new InvalidOperationException();
        }
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", (string)AppContext.GetData("GanOnnx.Tests.Playwright")!);
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] }));
    }

    /// <summary>A page at an address.</summary>
    public async Task<IPage> Open(Uri address, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            AcceptDownloads = true,
            IgnoreHTTPSErrors = true,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Closes all pages.</summary>
    public async Task CloseAll()
    {
        foreach (var context in _browser.Contexts.ToArray())
            await context.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
