using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>A made silo, shared by the tests of a class; each test opens pages of its own.</summary>
public sealed class Browser(Chromium chromium) : IAsyncLifetime
{
    private SeenPage? _kept;

    internal MadeSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Silo = await MadeSilo.Start(MadeStudies.All());

    /// <summary>A page of its own, with its own cookies.</summary>
    /// <param name="role">Logged in with it; null: not logged in.</param>
    /// <param name="expected">The status of requests that are to be refused.</param>
    internal async Task<SeenPage> Open(string view, string? role = "operator", int width = 1280, int height = 860, bool dark = false, string? expected = null)
    {
        Assert.SkipWhen(chromium.Program is null, "needs Chromium: `apt-get install chromium` (tests/run does it when it may)");
        IBrowserContext context = await chromium.Program.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce, BaseURL = Silo.Address,
        });
        context.SetDefaultTimeout(30_000);
        if (role is not null) await context.AddCookiesAsync([new Cookie { Name = "hone", Value = role, Url = Silo.Address }]);
        var page = new SeenPage(context, await context.NewPageAsync());
        if ((expected ?? (role is null ? "401" : null)) is { } status) page.Expected = text => text.Contains(status, StringComparison.Ordinal);
        await page.Page.GotoAsync($"/{view}");
        return page;
    }

    /// <summary>A page for the tests of a class that only ask its modules.</summary>
    internal async Task<IPage> Modules() => (_kept ??= await Open("#/studies")).Page;

    public async ValueTask DisposeAsync()
    {
        if (_kept is not null) await _kept.DisposeAsync();
        await Silo.DisposeAsync();
    }
}
