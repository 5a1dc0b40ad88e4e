using Hone.Web.Tests.Page;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Hone.Web.Tests.Page;

/// <summary>The machine's own Chromium, headless, started once for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;

    /// <summary>Null where none is installed.</summary>
    internal IBrowser? Program { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists) is not { } program) return;
        _playwright = await Playwright.CreateAsync();
        Program = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], Timeout = 120_000 });
    }

    public async ValueTask DisposeAsync()
    {
        if (Program is not null) await Program.CloseAsync();
        _playwright?.Dispose();
    }
}
