using System.Text.Json;
using Hone.Contracts;
using Hone.Model;
using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>The picture of the front: hover, pick, zoom and limits act on what is really there.</summary>
public sealed class FrontTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task TheMembersAreThoseThatNoOtherTrialIsBetterThan()
    {
        await using SeenPage page = await Open();
        (int Ordinal, double Accuracy, double Latency)[] all = [.. Enumerable.Range(0, 420).Select(i => JsonDocument.Parse(MadeTrials.Line(i, 3)).RootElement)
            .Where(line => line.TryGetProperty("measurements", out _)).Select(line => (line.GetProperty("ordinal").GetInt32(), Value(line, 0), Value(line, 1)))];
        IEnumerable<int> front = all.Where(t => !all.Any(o => o.Accuracy >= t.Accuracy && o.Latency <= t.Latency && (o.Accuracy > t.Accuracy || o.Latency < t.Latency))).OrderByDescending(t => t.Accuracy).Select(t => t.Ordinal);
        Assert.Equal(front.Select(i => $"{i}"), await page["tr.open button"].AllInnerTextsAsync());

        static double Value(JsonElement line, int at) => line.GetProperty("measurements")[at].GetProperty("value").GetDouble();
    }

    [Fact]
    public async Task OfAStudyWithRungsTheFrontIsOfTheHighestOneEvenAsItIsReached()
    {
        MadeStudy study = browser.Silo.Studies[MadeStudies.Rungs];
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Rungs}/front", height: 1300);
        await page.Drawn(300);
        Assert.Equal(Best([.. Enumerable.Range(0, 300).Where(i => i % 10 / 4 == 2)]), await page["tr.open button"].AllInnerTextsAsync());
        await page[".key"].GetByText("evaluated on rung 2").WaitForAsync();
        await page[".doing"].GetByText("training candidates, step 1,700, 910 images/s").WaitForAsync();
        int[] evaluated = [.. Enumerable.Range(300, 20).Where(i => MadeTrials.Line(i, 5).Contains("measurements", StringComparison.Ordinal))];
        study.Commit(Enumerable.Range(300, 20).Select(i => MadeTrials.RungLine(i, i == evaluated[3] || i == evaluated[5] ? 3 : 1)));
        await page.Drawn(320);
        await page[".key"].GetByText("evaluated on rung 3").WaitForAsync();
        Assert.Equal(Best([evaluated[3], evaluated[5]]), await page["tr.open button"].AllInnerTextsAsync());

        static IEnumerable<string> Best(int[] ordinals)
        {
            var all = ordinals.Select(i => TrialLine.Parse(MadeTrials.Line(i, 5)).Trial).Where(t => t.Outcome is Outcome.Evaluated).Select(t => (t.Ordinal, Accuracy: t.Value("accuracy"), Latency: t.Value("latency_ms"))).ToList();
            return all.Where(t => !all.Any(o => o.Accuracy >= t.Accuracy && o.Latency <= t.Latency && (o.Accuracy > t.Accuracy || o.Latency < t.Latency))).OrderByDescending(t => t.Accuracy).Select(t => $"{t.Ordinal}");
        }
    }

    [Fact]
    public async Task ALimitTellsHowManyStayFeasible()
    {
        await using SeenPage page = await Open();
        await page[".limit input[inputmode]"].Nth(1).FillAsync("0.2");
        int kept = Enumerable.Range(0, 420).Select(i => JsonDocument.Parse(MadeTrials.Line(i, 3)).RootElement).Count(line => line.TryGetProperty("measurements", out JsonElement m) && m[1].GetProperty("value").GetDouble() <= 0.2);
        await page["#feasible"].GetByText($"{kept} of 288 evaluated stay feasible").WaitForAsync();
        await page[".limit input[inputmode]"].Nth(1).FillAsync("no number");
        Assert.Equal("true", await page[".limit input[inputmode]"].Nth(1).GetAttributeAsync("aria-invalid"));
        await page[".side-head button"].ClickAsync();
        await page["#feasible"].GetByText("See what stays feasible").WaitForAsync();
    }

    [Fact]
    public async Task ADragInLimitModeSetsBothAxesLimits()
    {
        await using SeenPage page = await Open();
        await page[".modes button"].GetByText("Limit").ClickAsync();
        LocatorBoundingBoxResult box = (await page[".u-over"].BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.3f, box.Y + box.Height * 0.3f);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.6f, box.Y + box.Height * 0.5f, new MouseMoveOptions { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        await page["#feasible"].GetByText("stay feasible").WaitForAsync();
        Assert.NotEqual("", await page[".limit input[inputmode]"].Nth(0).InputValueAsync());
        Assert.NotEqual("", await page[".limit input[inputmode]"].Nth(1).InputValueAsync());
        Assert.Equal("", await page[".limit input[inputmode]"].Nth(2).InputValueAsync());
    }

    [Fact]
    public async Task APointUnderTheMouseTellsItsTrialAndAClickTellsMore()
    {
        await using SeenPage page = await Open();
        string trial = await page["tr.open button"].Nth(3).InnerTextAsync();
        await page["tr.open button"].Nth(3).FocusAsync();   // a ring shows where the member is
        await page["h1"].ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult ring = (await page[".ring"].BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(ring.X + ring.Width / 2, ring.Y + ring.Height / 2);
        await page[".hover b"].GetByText($"trial {trial} on the front").WaitForAsync();
        await page.Page.Mouse.ClickAsync(ring.X + ring.Width / 2, ring.Y + ring.Height / 2);
        await page[".side-card h3"].GetByText($"Trial {trial}").WaitForAsync();
        await page[".standing"].WaitForAsync();
    }

    [Fact]
    public async Task TheWheelAndADragZoomAndAllShowsAllAgain()
    {
        await using SeenPage page = await Open();
        LocatorBoundingBoxResult box = (await page[".u-over"].BoundingBoxAsync())!;
        byte[] whole = await page[".plot"].ScreenshotAsync();
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.4f, box.Y + box.Height * 0.4f);
        await page.Page.Mouse.WheelAsync(0, -240);
        await Changed(page, whole);
        await Restored(page, whole);
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.2f, box.Y + box.Height * 0.2f);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + box.Width * 0.5f, box.Y + box.Height * 0.5f, new MouseMoveOptions { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        await Changed(page, whole);
        await Restored(page, whole);
    }

    private async Task<SeenPage> Open()
    {
        SeenPage page = await browser.Open($"#/studies/{MadeStudies.Small}/front", height: 1300);
        await page.Drawn(420);
        return page;
    }

    private static async Task Changed(SeenPage page, byte[] whole)
    {
        await page["h1"].HoverAsync();
        Assert.NotEqual(whole, await page[".plot"].ScreenshotAsync());
    }

    private static async Task Restored(SeenPage page, byte[] whole)
    {
        await page["[aria-label='Show all']"].ClickAsync();
        await page["h1"].HoverAsync();
        Assert.Equal(whole, await page[".plot"].ScreenshotAsync());
    }
}
