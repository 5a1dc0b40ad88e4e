using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>A page that is watched: what its console says, refusals of its content policy among it, fails the test that opened it.</summary>
internal sealed class SeenPage : IAsyncDisposable
{
    private static readonly string Checks = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Page", "checks.js"));

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public SeenPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => { if (message.Type is "error" or "warning" && !Expected(message.Text)) _complaints.Enqueue(message.Text); };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>The browser itself tells of refused requests; those that a test causes are no complaint.</summary>
    public Func<string, bool> Expected { get; set; } = _ => false;

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>Waits until so many trials are drawn or more.</summary>
    public Task Drawn(int count) => Page.WaitForFunctionAsync("count => performance.getEntriesByName('hone-drawn').some(m => m.detail >= count)", count);

    /// <summary>What all visible text looks like: cut, overlapping, faint (contrast below 4.5), sideways; and how many texts there are.</summary>
    public async Task<JsonElement> Look() => (await Page.EvaluateAsync<JsonElement>($"() => ({Checks})()"));

    /// <summary>A picture under artifacts/page of the repository, for eyes.</summary>
    public async Task Picture(string name, bool whole = true)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository(), "artifacts", "page")).FullName;
        if (whole) await Page.EvaluateAsync("() => scrollTo(0, 0)");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = whole });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_complaints);
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cluster.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
