using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>A made silo and a headless Chromium, shared by the tests of a class; each test opens pages of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string? Program = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal MadeSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Silo = await MadeSilo.Start(MadeStudies.All());
        if (Program is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], Timeout = 90_000 });
    }

    /// <summary>A page of its own, with its own cookies.</summary>
    /// <param name="role">Logged in with it; null: not logged in.</param>
    internal async Task<SeenPage> Open(string view, string? role = "operator", int width = 1280, int height = 860, bool dark = false)
    {
        Assert.SkipWhen(_browser is null, "needs Chromium: `apt-get install chromium` (tests/run does it when it may)");
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce, BaseURL = Silo.Address,
        });
        context.SetDefaultTimeout(30_000);
        if (role is not null) await context.AddCookiesAsync([new Cookie { Name = "hone", Value = role, Url = Silo.Address }]);
        var page = new SeenPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync($"/{view}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
        await Silo.DisposeAsync();
    }
}
