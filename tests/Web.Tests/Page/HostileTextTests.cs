using Hone.Web.Tests.Made;

namespace Hone.Web.Tests.Page;

/// <summary>Names, keys, reasons and devices that want to be markup are shown as the texts they are.</summary>
public sealed class HostileTextTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task TextsOfStudiesAndDevicesNeverBecomeElements()
    {
        await using SeenPage page = await browser.Open("#/studies");
        await page[".study-card"].GetByText(MadeTrials.Hostile).First.WaitForAsync();
        await Inert(page);

        await page.Page.GotoAsync($"/#/studies/{MadeStudies.Hostile}/trials");
        await page[".reason"].GetByText(MadeTrials.Hostile).WaitForAsync();
        await page[".vcell.text"].GetByText(MadeTrials.Hostile).First.ClickAsync();
        await page[".standing"].WaitForAsync();
        await page[".bars .block"].First.GetByText(MadeTrials.Hostile).WaitForAsync();
        await Inert(page);

        foreach (string tab in new[] { "front", "training", "rejected" })
        {
            await page.Page.GotoAsync($"/#/studies/{MadeStudies.Hostile}/{tab}");
            await page["#tab-place"].GetByText(MadeTrials.Hostile).Locator("visible=true").First.WaitForAsync();
            await Inert(page);
        }
    }

    [Fact]
    public async Task AStudyThatIsUnknownIsSaidToBeSo()
    {
        await using SeenPage page = await browser.Open("#/studies/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E/front", expected: "404");
        await page["#line .error"].GetByText("no study named").WaitForAsync();
        await Inert(page);
    }

    private static async Task Inert(SeenPage page)
    {
        Assert.Equal(0, await page["img, b:not(.hover b, .counts b), script:not(head script)"].CountAsync());
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.hostile === undefined"));
    }
}
