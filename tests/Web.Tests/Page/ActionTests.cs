using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>Pause, resume and stop.</summary>
public sealed class ActionTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task AnOperatorPausesAndResumes()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Small}/front");
        await page["button"].GetByText("Pause").ClickAsync();
        await page[".badge.wait"].GetByText("paused").WaitForAsync();
        await page[".reason"].GetByText("paused on request").WaitForAsync();
        await page["button"].GetByText("Resume").ClickAsync();
        await page[".badge.busy"].GetByText("searching").WaitForAsync();
    }

    [Fact]
    public async Task StopAsksFirstAndACancelledQuestionStopsNothing()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Three}/front");
        await page[".title button.careful"].ClickAsync();
        await page["dialog"].GetByText("Cancel").ClickAsync();
        await page[".title button.careful"].ClickAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page["dialog"]).ToBeHiddenAsync();
        Assert.DoesNotContain(browser.Silo.Requests, r => r.EndsWith("/stop", StringComparison.Ordinal));
        await page[".title button.careful"].ClickAsync();
        await page["dialog"].GetByText("Stop the search").ClickAsync();
        await page[".badge.good"].GetByText("done").WaitForAsync();
        Assert.Single(browser.Silo.Requests, r => r == $"POST /api/v1/studies/{MadeStudies.Three}/stop");
    }

    [Fact]
    public async Task FailedTrialsAreAskedForAgain()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Hostile}/trials");
        await page[".title button"].GetByText("Retry failed").ClickAsync();
        await page[".badge.busy"].GetByText("searching").WaitForAsync();
        Assert.Single(browser.Silo.Requests, r => r == $"POST /api/v1/studies/{MadeStudies.Hostile}/retry");
    }

    [Fact]
    public async Task AViewerIsShownThatItMayNot()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Empty}/front", "viewer");
        await page[".actions"].GetByText("viewer: read only").WaitForAsync();
        Assert.True(await page["button"].GetByText("Pause").IsDisabledAsync());
        Assert.True(await page[".title button.careful"].IsDisabledAsync());
    }
}
