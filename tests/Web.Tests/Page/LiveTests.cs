using Hone.Contracts;
using Hone.Web.Tests.Made;

namespace Hone.Web.Tests.Page;

/// <summary>What is committed appears by itself, and after a break nothing is missing and nothing stands twice.</summary>
public sealed class LiveTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task NewTrialsAppearAsTheyAreCommitted()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Small}/front");
        await page.Drawn(420);
        browser.Silo.Studies[MadeStudies.Small].Commit(Enumerable.Range(420, 5).Select(i => MadeTrials.Line(i, 3)));
        await page.Drawn(425);
        await page[".facts dd"].GetByText("425").WaitForAsync();
    }

    [Fact]
    public async Task AfterABreakThePageSaysSoAndGoesOnAtTheNextTrial()
    {
        MadeStudy study = browser.Silo.Studies[MadeStudies.Three];
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Three}/trials");
        page.Expected = text => text.Contains("503", StringComparison.Ordinal) || text.Contains("ERR_", StringComparison.Ordinal);
        await page[".note"].GetByText("400 trials").WaitForAsync();
        browser.Silo.Down = true;
        browser.Silo.BreakStreams();
        await page["#line .wait"].First.WaitForAsync();
        study.Commit(Enumerable.Range(400, 3).Select(MadeTrials.WideLine));
        browser.Silo.Down = false;
        await page[".note"].GetByText("403 trials").WaitForAsync();
        await page.Page.WaitForFunctionAsync("() => !document.querySelector('#line .wait')");
        await page[".vbody"].FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        await page[".vrow[aria-selected=true] .vcell"].First.GetByText("402").WaitForAsync();
    }

    [Fact]
    public async Task AnEndedStudyThatGoesOnIsFollowedAgain()
    {
        MadeStudy study = browser.Silo.Studies[MadeStudies.Ended];
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Ended}/front");
        await page[".badge.good"].WaitForAsync();
        study.Commit(Enumerable.Range(460, 2).Select(i => MadeTrials.Line(i, 4)));
        study.In(StudyPhase.Search);
        await page.Drawn(462);
        study.In(StudyPhase.Done);
        await page[".badge.good"].WaitForAsync();
    }

    [Fact]
    public async Task WhoIsLoggedOutIsAskedForATokenAndThenSeesWhatWasAskedFor()
    {
        await using SeenPage page = await browser.Open("#/cluster");
        page.Expected = text => text.Contains("401", StringComparison.Ordinal);
        await page["h1"].GetByText("Cluster").WaitForAsync();
        await page.Page.Context.ClearCookiesAsync();
        await page["#token"].WaitForAsync();   // the next answer says that nobody is logged in
        await page["#token"].FillAsync("viewer");
        await page["button.main"].ClickAsync();
        await page["h1"].GetByText("Cluster").WaitForAsync();
        Assert.DoesNotContain("viewer", page.Page.Url);
        Assert.Equal("", await page.Page.EvaluateAsync<string>("() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }).replace('{}', '')"));
        Assert.DoesNotContain(browser.Silo.Requests, r => r.Contains("viewer", StringComparison.Ordinal));
    }
}
